<?php

declare(strict_types=1);

class WC_Product_CSV_Exporter
{
    public function get_page(): int
    {
        return 1;
    }
}
