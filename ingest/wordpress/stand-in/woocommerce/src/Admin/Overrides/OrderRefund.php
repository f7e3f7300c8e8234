<?php

declare(strict_types=1);

namespace Automattic\WooCommerce\Admin\Overrides;

class OrderRefund extends \WC_Order_Refund
{
}
