<?php

declare(strict_types=1);

namespace Tourniquet\Ai;

use Tourniquet\Classify\Findings;
use Tourniquet\Guarded;
use Tourniquet\Memory;
use Tourniquet\Outbound\KnownHosts;
use Tourniquet\Outbound\Purposes;
use Tourniquet\Record\Journal;
use Tourniquet\Settings;

/** What is told of questions to models and of their answers: classes, lengths and persons, never the text. */
final class Deeds
{
    private Journal $journal;
    private Settings $settings;
    private Memory $memory;
    private Policy $policy;

    public function __construct(Journal $journal, Settings $settings, Memory $memory)
    {
        $this->journal = $journal;
        $this->settings = $settings;
        $this->memory = $memory;
        $this->policy = new Policy($settings);
    }

    /**
     * @param array<string, mixed> $fields more of them
     * @return array<string, mixed> what the answer's event repeats
     */
    public function sent(Call $call, array $fields): array
    {
        $place = $this->place($call);
        $this->journal->record('ai', 'prompt-sent', $fields + $place + [
            'wordpress.ai.prompt_bytes' => $call->texts->bytes,
            'wordpress.request.subjects' => $call->findings->count() > 0 ? $call->findings->count() : null,
        ] + $call->findings->fields(), $call->findings->subjects());
        return $place;
    }

    /**
     * @param array<string, mixed> $place as `sent` answered it
     * @param mixed $response an answer or a WP_Error
     */
    public function received(Call $call, array $place, $response): void
    {
        $status = is_array($response) ? (int) ($response['response']['code'] ?? 0) : 0;
        if (is_wp_error($response) || $status >= 300 || $status === 0) {
            $this->journal->record('ai', 'completion-received', $place + [
                'event.outcome' => 'failure',
                'event.reason' => is_wp_error($response) ? (string) $response->get_error_code() : null,
                'http.response.status_code' => $status > 0 ? $status : null,
            ]);
            return;
        }
        $file = (string) ($response['filename'] ?? '');
        $texts = Texts::of($file !== '' && is_file($file) ? (string) file_get_contents($file, false, null, 0, 1048576) : (string) ($response['body'] ?? ''));
        $findings = Findings::of($texts->text());
        $foreign = $findings->without($call->findings)->subjects()->othersThan($this->journal->context()->user());
        $this->journal->record('ai', 'completion-received', $place + [
            'http.response.status_code' => $status,
            'wordpress.ai.completion_bytes' => $texts->bytes,
            'wordpress.response.subjects' => $findings->count() > 0 ? $findings->count() : null,
            'wordpress.ai.foreign_subjects' => $foreign > 0 ? $foreign : null,
        ] + $findings->fields(), $findings->subjects());
    }

    /** Tells that a call did not leave, and answers what its caller gets. */
    public function refused(?Call $call, string $reason): \WP_Error
    {
        try {
            if ($call !== null) {
                $this->sent($call, ['event.outcome' => 'failure', 'event.type' => 'denied', 'event.reason' => $reason]);
            }
        } catch (\Throwable $failure) {
            Guarded::failed($failure);
        }
        return new \WP_Error('tourniquet_ai_refused', __('The AI policy of this site does not let this call leave.', 'tourniquet'), ['reason' => $reason]);
    }

    /** @return array<string, mixed> */
    private function place(Call $call): array
    {
        $destination = $call->destination;
        $purposes = new Purposes($this->settings);
        $name = $destination->name(fn(string $text): string => $this->journal->context()->token('text', 'outbound:' . $text));
        return [
            'wordpress.plugin.slug' => $call->slug,
            'destination.domain' => $name,
            'destination.port' => $destination->port,
            'wordpress.outbound.known' => (new KnownHosts($this->memory))->isKnown($call->slug, $name),
            'wordpress.outbound.purpose' => $purposes->of($destination),
            'wordpress.outbound.region' => $purposes->region($destination),
            'wordpress.ai.model' => $call->texts->model,
            'wordpress.ai.location' => $call->location,
            'wordpress.ai.mode' => $this->policy->mode(),
            'wordpress.ai.policy' => $this->policy->place(),
        ];
    }
}
