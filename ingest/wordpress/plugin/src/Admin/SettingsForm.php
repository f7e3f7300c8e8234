<?php

declare(strict_types=1);

namespace Tourniquet\Admin;

use Tourniquet\Settings;

/** The owner's settings as a form, with what is wrong beside the fields. */
final class SettingsForm
{
    private Settings $settings;
    /** @var array<string, string> what was sent, by name, while it could not be saved */
    private array $sent = [];
    /** @var array<string, string> name to a word of `SettingRules::problem` */
    private array $problems = [];
    /** @var array<string, mixed> */
    private array $values = [];

    public function __construct(Settings $settings)
    {
        $this->settings = $settings;
    }

    /**
     * Whether all fields hold; then `values` has them.
     *
     * @param array<string, mixed> $given
     */
    public function read(array $given): bool
    {
        $own = get_site_option(Settings::OPTION, []);
        $this->values = is_array($own) ? array_intersect_key($own, Settings::DEFAULTS) : [];
        foreach (array_keys(SettingFields::all()) as $name) {
            if ($this->fixedBy($name) !== null) {
                continue;
            }
            $text = $given['tourniquet_' . $name] ?? null;
            $text = is_string($text) ? sanitize_textarea_field($text) : null;
            $value = SettingRules::parse($name, $text);
            $problem = SettingRules::problem($name, $value);
            if ($problem === null && $name === 'spool_directory' && $value !== '' && $value !== $this->settings->get($name)) {
                $problem = self::directoryProblem((string) $value);
            }
            if ($problem !== null) {
                $this->problems[$name] = $problem;
            }
            $this->sent[$name] = (string) $text;
            $this->values[$name] = $value;
        }
        return $this->problems === [];
    }

    /** A directory that holds something else, or that the web server hands out, is none for a spool. */
    private static function directoryProblem(string $directory): ?string
    {
        $directory = trailingslashit(wp_normalize_path($directory));
        foreach ([ABSPATH, WP_CONTENT_DIR] as $taken) {
            if (strncmp(trailingslashit(wp_normalize_path($taken)), $directory, strlen($directory)) === 0) {
                return 'directory-used';
            }
        }
        if (is_dir($directory)) {
            return is_file($directory . 'tally') || array_diff(@scandir($directory) ?: ['?'], ['.', '..']) === [] ? null : 'directory-used';
        }
        return wp_is_writable(dirname($directory)) ? null : 'directory-unwritable';
    }

    /** @return array<string, mixed> */
    public function values(): array
    {
        return $this->values;
    }

    public function show(): void
    {
        echo '<form method="post" class="tourniquet-settings">';
        foreach (SettingFields::all() as $name => $field) {
            $this->showField($name, $field['label'], $field['help']);
        }
        Pages::submit('settings', __('Save settings', 'tourniquet'), true);
        echo '</form>';
    }

    private function showField(string $name, string $label, string $help): void
    {
        $id = 'tourniquet_' . $name;
        $fixed = $this->fixedBy($name);
        $problem = $this->problems[$name] ?? null;
        $value = $this->problems === [] || $fixed !== null ? SettingRules::text($name, $this->settings->get($name)) : $this->sent[$name];
        $described = $id . '-help' . ($problem === null ? '' : ' ' . $id . '-problem');
        $attributes = sprintf(
            'id="%1$s" name="%1$s" aria-describedby="%2$s"%3$s%4$s',
            esc_attr($id),
            esc_attr($described),
            $problem === null ? '' : ' aria-invalid="true"',
            $fixed === null ? '' : ' disabled'
        );
        echo '<div class="tourniquet-field">';
        $this->showInput($name, $label, $value, $attributes);
        if ($problem !== null) {
            echo '<p class="tourniquet-problem" id="' . esc_attr($id) . '-problem"><strong>' . esc_html__('Problem:', 'tourniquet') . '</strong> ' . esc_html(SettingFields::problem($problem)) . '</p>';
        }
        echo '<p class="description" id="' . esc_attr($id) . '-help">' . esc_html($help) . ($fixed === null ? '' : ' <strong>' . esc_html($fixed) . '</strong>') . '</p></div>';
    }

    /** `$attributes` are escaped. */
    private function showInput(string $name, string $label, string $value, string $attributes): void
    {
        $label = '<label for="' . esc_attr('tourniquet_' . $name) . '">' . esc_html($label) . '</label>';
        $default = Settings::DEFAULTS[$name];
        // phpcs:disable -- put together from escaped parts above and here.
        if (is_bool($default)) {
            echo '<input type="checkbox" value="1" ' . $attributes . ($value === '1' ? ' checked' : '') . '> ' . $label;
        } elseif (SettingRules::choices($name) !== []) {
            echo $label . '<select ' . $attributes . '>';
            foreach (SettingRules::choices($name) as $choice) {
                echo '<option value="' . esc_attr($choice) . '"' . selected($choice, $value, false) . '>' . esc_html(SettingFields::choice($choice)) . '</option>';
            }
            echo '</select>';
        } elseif (is_array($default)) {
            echo $label . '<textarea rows="3" cols="50" class="large-text code" ' . $attributes . '>' . esc_textarea($value) . '</textarea>';
        } elseif (is_int($default)) {
            echo $label . '<input type="text" inputmode="numeric" class="small-text" value="' . esc_attr($value) . '" ' . $attributes . '>';
        } else {
            echo $label . '<input type="text" class="regular-text code" value="' . esc_attr($value) . '" ' . $attributes . '>';
        }
        // phpcs:enable
    }

    /** What sets it instead of the owner, as a sentence; null when the owner does. */
    private function fixedBy(string $name): ?string
    {
        if (defined('TOURNIQUET_' . strtoupper($name))) {
            return __('Set in wp-config.php.', 'tourniquet');
        }
        return $this->settings->isPolicy($name) ? __('Set by the security team\'s policy.', 'tourniquet') : null;
    }
}
