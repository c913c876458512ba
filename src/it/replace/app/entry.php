<?php
return function ($uri) {
    return 'release ' . basename(__DIR__) . ' version 1';
};
