<?php

declare(strict_types=1);

namespace Automattic\WooCommerce\Admin\Overrides;

class Order extends \WC_Order
{
}
