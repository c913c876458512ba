<?php
require __DIR__ . '/../src/version.php';
file_put_contents(__DIR__ . '/../storage/visits', 'x', FILE_APPEND);
echo version(), ' ', trim(file_get_contents(__DIR__ . '/../.env'));
