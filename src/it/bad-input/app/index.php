<?php echo 'fine';
