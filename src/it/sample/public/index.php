<?php
require __DIR__ . '/../src/greeting.php';
echo greeting(), "\n";
