<?php

declare(strict_types=1);

namespace Tourniquet\Observe;

use Tourniquet\Classify\Content;
use Tourniquet\Guarded;
use Tourniquet\Observe\Persons\OwnAddresses;
use Tourniquet\Observe\Persons\Vocabulary;
use Tourniquet\Watcher;

/** Forms submitted, by the documented hooks of well-known form plugins: who, how much, which kinds of data; no content. */
final class Forms extends Watcher
{
    private const MOST_VALUES = 200;

    public function register(): void
    {
        Guarded::action('wpcf7_before_send_mail', fn($form) => $this->submitted('contact-form-7', is_object($form) && method_exists($form, 'id') ? $form->id() : 0, self::contactForm()));
        Guarded::action('wpforms_process_complete', fn($fields, $entry, $form) => $this->submitted('wpforms', $form['id'] ?? 0, array_column((array) $fields, 'value', 'name')), 10, 3);
        Guarded::action('gform_after_submission', fn($entry, $form) => $this->submitted('gravityforms', $form['id'] ?? 0, self::gravity((array) $entry, (array) $form)), 10, 2);
        Guarded::action('ninja_forms_after_submission', fn($data) => $this->submitted('ninja-forms', $data['form_id'] ?? 0, array_column((array) ($data['fields'] ?? []), 'value', 'key')));
        // The same act under its newer and its older name.
        $fluent = function ($id, $values, $form): void {
            $this->submitted('fluentform', is_object($form) ? ($form->id ?? 0) : 0, (array) $values);
        };
        Guarded::action('fluentform/submission_inserted', $fluent, 10, 3);
        Guarded::action('fluentform_submission_inserted', static fn($id, $values, $form) => did_action('fluentform/submission_inserted') > 0 ? null : $fluent($id, $values, $form), 10, 3);
        Guarded::action('elementor_pro/forms/new_record', fn($record) => $this->submitted('elementor-pro', 0, is_object($record) && method_exists($record, 'get') ? array_column((array) $record->get('fields'), 'value', 'id') : []));
        Guarded::action('frm_after_create_entry', fn($entry, $form) => $this->submitted('formidable', $form, (array) wp_unslash($_POST['item_meta'] ?? [])), 30, 2);
        Guarded::action('forminator_form_after_save_entry', fn($form) => $this->submitted('forminator', $form, (array) wp_unslash($_POST)));
    }

    /**
     * @param mixed $form its number
     * @param array<mixed> $values by name
     */
    private function submitted(string $plugin, $form, array $values): void
    {
        $texts = [];
        foreach (array_slice($values, 0, self::MOST_VALUES, true) as $name => $value) {
            $text = is_array($value) ? implode(' ', array_filter($value, 'is_scalar')) : (is_scalar($value) ? (string) $value : '');
            if ($text !== '' && strncmp((string) $name, '_', 1) !== 0) {
                $texts[(string) $name] = $text;
            }
        }
        $found = $this->reading()->found()->saw(...array_map('strval', array_keys($texts)));
        $isMedical = preg_match('/patient|symptom|diagnos|insurance|medication/i', implode(' ', array_keys($texts))) === 1;
        foreach (OwnAddresses::sent($texts) as $address) {
            is_email($address) !== false && $found->person($isMedical ? 'patient' : 'contact', $address)->saw('email');
        }
        $all = implode("\n", $texts);
        $classes = array_unique(array_merge($found->classes(), array_keys(Content::classes($all))));
        sort($classes);
        $this->journal->record('database', 'form-submitted', [
            'wordpress.plugin.slug' => $plugin,
            'wordpress.entry.form' => is_scalar($form) ? (string) (int) $form : null,
            'wordpress.entry.length' => strlen($all),
            'wordpress.entry.fields' => count($texts),
            'wordpress.data.classes' => $classes,
        ] + $found->fields(), $found->subjects());
    }

    /** @return array<mixed> */
    private static function contactForm(): array
    {
        $submission = class_exists('WPCF7_Submission') ? \WPCF7_Submission::get_instance() : null;
        return is_object($submission) && method_exists($submission, 'get_posted_data') ? (array) $submission->get_posted_data() : [];
    }

    /**
     * @param array<mixed> $entry values by number of the field
     * @param array<mixed> $form
     * @return array<mixed>
     */
    private static function gravity(array $entry, array $form): array
    {
        $labels = [];
        foreach ((array) ($form['fields'] ?? []) as $field) {
            $label = is_object($field) ? (string) ($field->label ?? '') : '';
            $labels[(string) (is_object($field) ? ($field->id ?? '') : '')] = Vocabulary::of($label) !== null ? $label : '';
        }
        $values = [];
        foreach ($entry as $key => $value) {
            if (preg_match('/^\d+(?:\.\d+)?$/', (string) $key) === 1) {
                $label = $labels[(string) (int) $key] ?? '';
                $values[$label !== '' ? $label : 'field-' . $key] = $value;
            }
        }
        return $values;
    }
}
