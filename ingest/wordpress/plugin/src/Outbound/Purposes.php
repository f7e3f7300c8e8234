<?php

declare(strict_types=1);

namespace Tourniquet\Outbound;

use Tourniquet\Settings;

/** What hosts are for, and where they are, as the owner declared it. */
final class Purposes
{
    private const UPDATE_HOSTS = ['api.wordpress.org', 'downloads.wordpress.org', 'wordpress.org'];
    /** Services that send text messages. */
    private const SMS_HOSTS = ['api.twilio.com', 'rest.nexmo.com', 'api.nexmo.com', 'api.messagebird.com', 'rest.messagebird.com', 'api.plivo.com', 'api.clicksend.com', 'rest.clicksend.com', 'api.textmagic.com', 'rest.textmagic.com', 'api.sms77.io', 'gateway.seven.io', 'rest.spryngsms.com'];

    private Settings $settings;

    public function __construct(Settings $settings)
    {
        $this->settings = $settings;
    }

    /** Empty when nobody declared the host. */
    public function of(Destination $destination): string
    {
        foreach ($this->settings->get('outbound_purposes') as $host => $purpose) {
            if (is_string($purpose) && $destination->isAmong([(string) $host])) {
                return $purpose;
            }
        }
        return $destination->isAmong(self::UPDATE_HOSTS) ? 'update' : '';
    }

    public function isSms(Destination $destination): bool
    {
        return $this->of($destination) === 'sms' || $destination->isAmong(self::SMS_HOSTS);
    }

    /** `inside` or `outside` of the declared region; empty where it names no hosts: a name does not tell a country. */
    public function region(Destination $destination): string
    {
        if ($destination->isLocal()) {
            return 'inside';
        }
        $hosts = array_filter($this->settings->get('region'), static fn($entry): bool => is_string($entry) && strpos($entry, '.') !== false);
        if ($hosts === []) {
            return '';
        }
        return $destination->isAmong($hosts) ? 'inside' : 'outside';
    }
}
