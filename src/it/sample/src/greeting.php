<?php
function greeting(): string
{
    return 'Hello from the first release';
}
