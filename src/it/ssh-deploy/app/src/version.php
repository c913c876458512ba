<?php
function version(): string
{
    return 'one';
}
