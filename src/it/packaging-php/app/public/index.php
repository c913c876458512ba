<?php echo 'packaged';
