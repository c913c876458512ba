<?php echo 'one';
