<?php

declare(strict_types=1);

class WC_DateTime extends DateTime
{
}
