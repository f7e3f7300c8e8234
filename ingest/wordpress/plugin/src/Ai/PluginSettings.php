<?php

declare(strict_types=1);

namespace Tourniquet\Ai;

use Tourniquet\Guarded;
use Tourniquet\Record\ActingPlugin;
use Tourniquet\Record\Redactor;
use Tourniquet\Settings;
use Tourniquet\Watcher;

/**
 * Options of plugins that ask models: a change is told, and with `ai_revert_settings` it does not happen. Nothing is kept for
 * that: WordPress still holds the old value when it asks what to write.
 */
final class PluginSettings extends Watcher
{
    /** Names of options of such plugins. */
    private const NAMES = '/openai|chatgpt|(?:^|_)gpt|anthropic|claude|gemini|mistral|cohere|groq|deepseek|openrouter|huggingface|perplexity|ollama|localai|(?:^|_)llm_|mwai_|wpaicg_|aipkit_|aipower|ai_engine|ai_assistant|_ai_provider|cloud_fallback|chatbot|bertha_|getgenie|rank_math_ca_|jetpack_ai|woocommerce_ai|elementor_ai/i';
    /** Own or temporary ones that only look so. */
    private const NOT = '/^_(?:site_)?transient_|_(?:cache|version|db_version|stats|last_run|notice|dismissed|logs?)$/i';

    private bool $isReverting = false;
    /** @var array<string, mixed> values of options that are being deleted */
    private array $leaving = [];

    public function register(): void
    {
        Guarded::filter('pre_update_option', fn($new, $name, $old) => $this->kept((string) $name, $new, $old), PHP_INT_MAX, 3);
        Guarded::action('updated_option', fn($name, $old, $new) => $this->changed((string) $name, $old, $new, 'option-updated'), 10, 3);
        Guarded::action('added_option', fn($name, $new) => $this->added((string) $name, $new), 10, 2);
        Guarded::action('delete_option', fn($name) => $this->leaves((string) $name));
        Guarded::action('deleted_option', fn($name) => $this->deleted((string) $name));
        if (is_multisite()) {
            Guarded::action('update_site_option', fn($name, $new, $old) => $this->changedOfNetwork((string) $name, $new, $old), 10, 3);
        }
    }

    public static function isAi(string $name): bool
    {
        return strncmp($name, 'tourniquet_', 11) !== 0 && preg_match(self::NAMES, $name) === 1 && preg_match(self::NOT, $name) !== 1;
    }

    /**
     * @param mixed $new
     * @param mixed $old
     * @return mixed what is written
     */
    private function kept(string $name, $new, $old)
    {
        if (!self::isAi($name) || !$this->reverts() || maybe_serialize($new) === maybe_serialize($old) || $this->isReverting) {
            return $new;
        }
        $this->tell($name, 'option-updated', $old, $new, true);
        return $old;
    }

    /**
     * @param mixed $old
     * @param mixed $new
     */
    private function changed(string $name, $old, $new, string $action): void
    {
        if ($name === Settings::OPTION || $name === Settings::POLICY_OPTION) {
            $this->policyChanged($name, $old, $new);
        } elseif (self::isAi($name) && !$this->isReverting) {
            $this->tell($name, $action, $old, $new, false);
        }
    }

    /** @param mixed $new */
    private function added(string $name, $new): void
    {
        $opens = self::isAi($name) && (new SettingChange($name, null, $new))->opensCloud();
        if ($opens && $this->reverts() && !$this->isReverting) {
            $this->quietly(static fn() => delete_option($name));
            $this->tell($name, 'option-updated', null, $new, true);
            return;
        }
        $this->changed($name, null, $new, 'option-updated');
    }

    private function leaves(string $name): void
    {
        if (self::isAi($name)) {
            $this->leaving[$name] = get_option($name);
        }
    }

    private function deleted(string $name): void
    {
        if (!array_key_exists($name, $this->leaving) || $this->isReverting) {
            return;
        }
        $old = $this->leaving[$name];
        unset($this->leaving[$name]);
        $reverts = $this->reverts();
        if ($reverts) {
            $this->quietly(static fn() => add_option($name, $old));
        }
        $this->tell($name, 'option-deleted', $old, null, $reverts);
    }

    /**
     * @param mixed $new
     * @param mixed $old
     */
    private function changedOfNetwork(string $name, $new, $old): void
    {
        $reverts = self::isAi($name) && $this->reverts() && !$this->isReverting;
        if ($reverts) {
            $this->quietly(static fn() => update_site_option($name, $old));
            $this->tell($name, 'option-updated', $old, $new, true);
            return;
        }
        $this->changed($name, $old, $new, 'option-updated');
    }

    private function reverts(): bool
    {
        return (bool) $this->settings->get('ai_revert_settings');
    }

    private function quietly(callable $set): void
    {
        $this->isReverting = true;
        try {
            $set();
        } finally {
            $this->isReverting = false;
        }
    }

    /**
     * @param mixed $old
     * @param mixed $new
     */
    private function tell(string $name, string $action, $old, $new, bool $isReverted): void
    {
        $change = new SettingChange($name, $old, $new);
        $this->journal->urgent('configuration', $action, [
            'wordpress.option.name' => preg_replace('/[^A-Za-z0-9_.:-]/', '-', Redactor::name($name)),
            'wordpress.option.group' => 'ai',
            'wordpress.option.new' => $change->newSwitch(),
            'wordpress.option.parts' => $change->parts(),
            'wordpress.option.reverted' => $isReverted ?: null,
            'wordpress.ai.cloud_opened' => $change->opensCloud() ?: null,
            'wordpress.plugin.slug' => ActingPlugin::slug(),
        ]);
    }

    /**
     * @param mixed $old
     * @param mixed $new
     */
    private function policyChanged(string $name, $old, $new): void
    {
        $before = is_array($old) ? ($old['ai_policy'] ?? null) : null;
        $after = is_array($new) ? ($new['ai_policy'] ?? null) : null;
        if ($before === $after) {
            return;
        }
        $this->journal->urgent('configuration', 'option-updated', [
            'wordpress.option.name' => 'tourniquet_ai_policy',
            'wordpress.option.group' => 'ai',
            'wordpress.option.old' => self::mode($before),
            'wordpress.option.new' => self::mode($after),
            'wordpress.option.scope' => $name === Settings::POLICY_OPTION ? 'policy' : 'site',
        ]);
    }

    /** @param mixed $mode */
    private static function mode($mode): string
    {
        return in_array($mode, [Policy::ALLOW, Policy::LOCAL_ONLY, Policy::ANONYMISE, Policy::BLOCK], true) ? $mode : 'unset';
    }
}
