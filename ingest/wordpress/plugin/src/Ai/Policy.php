<?php

declare(strict_types=1);

namespace Tourniquet\Ai;

use Tourniquet\Settings;

/** Where questions to models may go. */
final class Policy
{
    public const ALLOW = 'allow';
    public const LOCAL_ONLY = 'local-only';
    public const ANONYMISE = 'anonymise';
    public const BLOCK = 'block';

    private Settings $settings;

    public function __construct(Settings $settings)
    {
        $this->settings = $settings;
    }

    /** A word that is none of the four blocks: a slip of the pen must not open the way. */
    public function mode(): string
    {
        $mode = (string) $this->settings->get('ai_policy');
        return in_array($mode, [self::ALLOW, self::LOCAL_ONLY, self::ANONYMISE], true) ? $mode : self::BLOCK;
    }

    /** `local` or `cloud`: where the owner decided that models may be; empty while nobody decided. */
    public function place(): string
    {
        switch ($this->mode()) {
            case self::ALLOW:
                return $this->isDecided() ? Services::CLOUD : '';
            case self::ANONYMISE:
                return Services::CLOUD;
            default:
                return Services::LOCAL;
        }
    }

    private function isDecided(): bool
    {
        $own = get_site_option(Settings::OPTION, []);
        return defined('TOURNIQUET_AI_POLICY') || $this->settings->isPolicy('ai_policy') || (is_array($own) && isset($own['ai_policy']));
    }
}
