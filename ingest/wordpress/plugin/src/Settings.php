<?php

declare(strict_types=1);

namespace Tourniquet;

/**
 * What the owner set, over the defaults; of a network, for all its sites. A signed policy of the security team goes before it
 * (`policy()`), and constants in wp-config.php before both: `TOURNIQUET_` and the name in capitals.
 */
final class Settings
{
    public const OPTION = 'tourniquet_settings';
    /** Set by signed `set-policy` commands alone. */
    public const POLICY_OPTION = 'tourniquet_policy';

    /** A default for each setting; its type is the setting's. */
    public const DEFAULTS = [
        // Networks of proxies whose X-Forwarded-For is believed.
        'trusted_proxies' => [],
        // Where spooled lines lie; empty: beside the WordPress directory if it can be written, else a random directory below wp-content.
        'spool_directory' => '',
        // The most the spool may take, in MiB.
        'spool_mebibytes' => 256,
        // `plugin` ships by itself; `external` leaves the outbox to "tourniquet ship" or another shipper.
        'shipping' => 'plugin',
        // Keeps a small process alive that ships and beats each minute, also when nobody visits the site.
        'own_heartbeat' => true,
        // Countries (ISO 3166-1 alpha-2) or hosts that count as inside of the declared region.
        'region' => [],
        // Host to purpose: payment, mail, sms, shipping, accounting, analytics, backup, ai, update.
        'outbound_purposes' => [],
        // allow, local-only, anonymise or block.
        'ai_policy' => 'allow',
        // Where local-only sends what was meant for a cloud: an OpenAI-compatible address; empty refuses it.
        'ai_local_endpoint' => '',
        // The model asked for there; empty: the one the plugin asked for.
        'ai_local_model' => '',
        // Further hosts that are AI services, and hosts that are local models.
        'ai_hosts' => [],
        'ai_local_hosts' => [],
        // Sets AI plugins' settings back when somebody but a signed policy changes them.
        'ai_revert_settings' => false,
        // A report-only Content-Security-Policy on checkout, account and booking pages.
        'browser_reports' => false,
        // Paths of further pages that are watched so.
        'browser_pages' => [],
        // Commands are carried out (`enforce`) or only logged (`dry-run`).
        'containment' => 'dry-run',
        // Whether the owner may undo containment on the plugin's page.
        'owner_undo' => true,
        // Deleting the plugin deletes the spool, too, with lines that were never shipped.
        'remove_spool' => false,
        // A slow scan for personal data at rest, each night.
        'discover' => false,
    ];

    /** What a signed policy may set. */
    public const POLICY_NAMES = ['region', 'outbound_purposes', 'ai_policy', 'ai_local_endpoint', 'ai_local_model', 'ai_hosts', 'ai_local_hosts', 'ai_revert_settings', 'browser_reports', 'browser_pages', 'discover', 'owner_undo'];

    /** @var array<string, mixed> */
    private array $values;
    /** @var array<string, mixed> */
    private array $policy;

    /**
     * @param array<string, mixed> $own
     * @param array<string, mixed> $policy
     */
    public function __construct(array $own = [], array $policy = [])
    {
        $this->policy = array_intersect_key($policy, array_flip(self::POLICY_NAMES));
        $this->values = self::DEFAULTS;
        $constants = [];
        foreach (array_keys(self::DEFAULTS) as $name) {
            $constant = 'TOURNIQUET_' . strtoupper($name);
            if (defined($constant)) {
                $constants[$name] = constant($constant);
            }
        }
        foreach ([$own, $this->policy, $constants] as $set) {
            foreach (array_intersect_key($set, self::DEFAULTS) as $name => $value) {
                if (gettype($value) === gettype(self::DEFAULTS[$name])) {
                    $this->values[$name] = $value;
                }
            }
        }
    }

    public static function load(): self
    {
        $own = get_site_option(self::OPTION, []);
        $policy = get_site_option(self::POLICY_OPTION, []);
        return new self(is_array($own) ? $own : [], is_array($policy) ? $policy : []);
    }

    /** @return mixed of the default's type */
    public function get(string $name)
    {
        if (!array_key_exists($name, self::DEFAULTS)) {
            throw new \InvalidArgumentException("no such setting: {$name}");
        }
        return $this->values[$name];
    }

    /** @return list<string> */
    public function trustedProxies(): array
    {
        return array_values(array_filter($this->values['trusted_proxies'], 'is_string'));
    }

    /** Whether a signed policy decides this setting. */
    public function isPolicy(string $name): bool
    {
        return array_key_exists($name, $this->policy);
    }
}
