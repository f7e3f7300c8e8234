<?php

declare(strict_types=1);

namespace Tourniquet\Ai;

use Tourniquet\Guarded;
use Tourniquet\Outbound\Caller;
use Tourniquet\Outbound\Destination;
use Tourniquet\Watcher;

/**
 * Every call to a model passes here, or does not leave. Where the policy forbids something a failure of the gate refuses the
 * call, too; so its filters are not those of `Guarded`, which would let it through.
 */
final class Gate extends Watcher
{
    /** @var list<array{string, mixed}> address and answer of the calls on their way through the filters */
    private array $decided = [];
    /** @var list<array{Call, array<string, mixed>}> calls that went out as they were, with what their answer's event repeats */
    private array $begun = [];
    private ?Deeds $deeds = null;
    private ?LastStep $lastStep = null;

    public function register(): void
    {
        add_filter('pre_http_request', fn($answer = false, $args = [], $url = '') => $this->decide($answer, (array) $args, self::text($url)), PHP_INT_MIN, 3);
        add_filter('pre_http_request', fn($answer = false, $args = [], $url = '') => $this->insist($answer, self::text($url)), PHP_INT_MAX, 3);
        add_filter('http_request_args', fn($args = [], $url = '') => $this->withoutRedirects($args, self::text($url)), PHP_INT_MAX, 2);
        // Last: whoever comes before may still change where the call goes.
        add_action('requests-requests.before_request', fn($url = '', $headers = [], $data = null) => $this->lastStep()->request(self::text($url), (array) $headers, $data), PHP_INT_MAX, 3);
        add_action('requests-requests.before_redirect', fn($location = '') => $this->lastStep()->redirect(self::text($location)), PHP_INT_MAX, 1);
        Guarded::action('http_api_debug', fn($response, $context, $class, $args, $url) => $this->end($response, (string) $url), 10, 5);
    }

    /**
     * @param mixed $answer
     * @param array<string, mixed> $args
     * @return mixed the answer, an error, or false for a call that goes out as it is
     */
    private function decide($answer, array $args, string $url)
    {
        if ($answer !== false || $this->lastStep()->lets($url)) {
            return $answer;
        }
        $location = (new Services($this->settings))->locationOf($url, $args);
        if ($location === '') {
            return false;
        }
        $mode = (new Policy($this->settings))->mode();
        $call = null;
        try {
            // Not empty: the address was one.
            $call = new Call($url, Destination::of($url), $location, Caller::slug(), $args);
            $answer = $this->answer($mode, $call, $args);
        } catch (Unreadable $failure) {
            $answer = $this->deeds()->refused($call, $failure->getMessage());
        } catch (\Throwable $failure) {
            Guarded::failed($failure);
            $answer = $mode === Policy::ALLOW || $location === Services::LOCAL ? false : $this->deeds()->refused($call, 'gate-failed');
        }
        if ($answer !== false) {
            $this->decided[] = [$url, $answer];
        }
        return $answer;
    }

    /**
     * @param array<string, mixed> $args
     * @return mixed
     */
    private function answer(string $mode, Call $call, array $args)
    {
        if ($mode === Policy::ALLOW || $call->location === Services::LOCAL) {
            $place = $this->deeds()->sent($call, []);
            if (!empty($args['blocking'])) {
                $this->begun[] = [$call, $place];
                $this->lastStep()->isFromLocal = $call->location === Services::LOCAL;
            }
            return false;
        }
        if ($mode === Policy::LOCAL_ONLY) {
            return $this->atHome($call, $args);
        }
        if ($mode === Policy::ANONYMISE) {
            $anonymised = new Anonymised($args, $call->destination->path, $call->destination->query);
            $place = $this->deeds()->sent($call, [
                'wordpress.data.classes' => [],
                'wordpress.ai.replaced' => $anonymised->pseudonyms->count(),
                'wordpress.ai.replaced_classes' => $anonymised->pseudonyms->classes(),
            ]);
            return $this->make($call, $place, $call->url, $anonymised->args, $anonymised->pseudonyms);
        }
        return $this->deeds()->refused($call, 'blocked');
    }

    /**
     * The model of the house, or nothing: a failure there is the answer.
     *
     * @param array<string, mixed> $args
     * @return mixed
     */
    private function atHome(Call $call, array $args)
    {
        $local = (new LocalEndpoint($this->settings))->rewrite($call->destination, $args);
        $destination = $local === null ? null : Destination::of($local[0]);
        if ($local === null || $destination === null) {
            return $this->deeds()->refused($call, 'no-local-model');
        }
        $from = $call->destination->host;
        $call = clone $call;
        $call->destination = $destination;
        $call->location = Services::LOCAL;
        $place = $this->deeds()->sent($call, ['wordpress.ai.meant_for' => $from]);
        return $this->make($call, $place, $local[0], $local[1], null);
    }

    /**
     * @param array<string, mixed> $place
     * @param array<string, mixed> $args
     * @return mixed
     */
    private function make(Call $call, array $place, string $url, array $args, ?Pseudonyms $pseudonyms)
    {
        $response = $this->lastStep()->letting($url, $args['body'] ?? '', static fn() => wp_remote_request($url, ['redirection' => 0] + $args));
        try {
            if (!empty($args['blocking'])) {
                $this->deeds()->received($call, $place, $response);
            }
            return $pseudonyms === null ? $response : Answer::restored($response, $pseudonyms);
        } catch (\Throwable $failure) {
            Guarded::failed($failure);
            return $response;
        }
    }

    /**
     * Whoever comes later does not undo what was decided.
     *
     * @param mixed $answer
     * @return mixed
     */
    private function insist($answer, string $url)
    {
        $last = count($this->decided) - 1;
        if ($last < 0 || $this->decided[$last][0] !== $url) {
            if ($answer !== false && $this->begun !== [] && end($this->begun)[0]->url === $url) {
                // Somebody answered in the model's place.
                array_pop($this->begun);
            }
            return $answer;
        }
        [, $decided] = array_pop($this->decided);
        return $answer === false ? $decided : $answer;
    }

    /**
     * @param mixed $args
     * @return mixed
     */
    private function withoutRedirects($args, string $url)
    {
        if (!is_array($args) || empty($args['redirection']) || (new Policy($this->settings))->mode() === Policy::ALLOW || (new Services($this->settings))->locationOf($url, $args) === '') {
            return $args;
        }
        return ['redirection' => 0] + $args;
    }

    /** @param mixed $response */
    private function end($response, string $url): void
    {
        for ($i = count($this->begun) - 1; $i >= 0; $i--) {
            if ($this->begun[$i][0]->url === $url) {
                [[$call, $place]] = array_splice($this->begun, $i, 1);
                $this->lastStep()->isFromLocal = false;
                $this->deeds()->received($call, $place, $response);
                return;
            }
        }
    }

    /** @param mixed $value what others hand to a hook */
    private static function text($value): string
    {
        return is_string($value) || (is_object($value) && method_exists($value, '__toString')) ? (string) $value : '';
    }

    private function deeds(): Deeds
    {
        return $this->deeds ??= new Deeds($this->journal, $this->settings, $this->memory);
    }

    private function lastStep(): LastStep
    {
        return $this->lastStep ??= new LastStep($this->settings, fn(): Deeds => $this->deeds());
    }
}
