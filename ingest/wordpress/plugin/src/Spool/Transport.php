<?php

declare(strict_types=1);

namespace Tourniquet\Spool;

/** Requests to the gateway: through WordPress where it is, by curl or PHP's streams where it is not. */
class Transport
{
    private const MOST_ANSWER_BYTES = 4 * 1024 * 1024;
    private const LOOPBACK = '/^(127(\.[0-9]{1,3}){3}|localhost|::1|\[::1\])$/D';

    private static bool $own = false;

    /** Whether the call that WordPress makes just now is one of these: observers and gates leave it alone. */
    public static function isOwn(): bool
    {
        return self::$own;
    }

    /** @param array<string, string> $headers */
    public function post(string $url, string $body, array $headers, float $timeoutSeconds): Answer
    {
        return $this->send('POST', $url, $body, $headers, $timeoutSeconds);
    }

    /** @param array<string, string> $headers */
    public function get(string $url, array $headers, float $timeoutSeconds): Answer
    {
        return $this->send('GET', $url, '', $headers, $timeoutSeconds);
    }

    /** TLS, but for this machine itself, or where `TOURNIQUET_ALLOW_PLAIN_HTTP` says so. */
    public static function isAllowed(string $url): bool
    {
        $parts = parse_url($url);
        $scheme = $parts['scheme'] ?? '';
        $isLocal = preg_match(self::LOOPBACK, strtolower($parts['host'] ?? '')) === 1;
        return $scheme === 'https' || ($scheme === 'http' && ($isLocal || (defined('TOURNIQUET_ALLOW_PLAIN_HTTP') && constant('TOURNIQUET_ALLOW_PLAIN_HTTP') === true)));
    }

    /** @param array<string, string> $headers */
    private function send(string $method, string $url, string $body, array $headers, float $timeout): Answer
    {
        if (!self::isAllowed($url)) {
            return new Answer(0, '', 0, 'plain HTTP is only allowed to this machine itself');
        }
        self::$own = true;
        try {
            if (function_exists('wp_remote_request') && function_exists('apply_filters')) {
                return $this->byWordPress($method, $url, $body, $headers, $timeout);
            }
            return function_exists('curl_init') ? $this->byCurl($method, $url, $body, $headers, $timeout) : $this->byStream($method, $url, $body, $headers, $timeout);
        } catch (\Throwable $failure) {
            return new Answer(0, '', 0, 'the request failed: ' . get_class($failure));
        } finally {
            self::$own = false;
        }
    }

    /** @param array<string, string> $headers */
    private function byWordPress(string $method, string $url, string $body, array $headers, float $timeout): Answer
    {
        // Whatever another plugin makes of it: a certificate that does not hold ends the request. A path of a private CA stays.
        $verify = static fn($verify) => $verify === false ? true : $verify;
        $verifyArguments = static function ($arguments) {
            $arguments['sslverify'] = true;
            return $arguments;
        };
        add_filter('https_ssl_verify', $verify, PHP_INT_MAX);
        add_filter('http_request_args', $verifyArguments, PHP_INT_MAX);
        $response = wp_remote_request($url, ['method' => $method, 'headers' => $headers, 'body' => $body === '' ? null : $body, 'timeout' => $timeout, 'redirection' => 0,
            'sslverify' => true, 'limit_response_size' => self::MOST_ANSWER_BYTES, 'user-agent' => self::agent(), 'cookies' => []]);
        remove_filter('https_ssl_verify', $verify, PHP_INT_MAX);
        remove_filter('http_request_args', $verifyArguments, PHP_INT_MAX);
        if (is_wp_error($response)) {
            return new Answer(0, '', 0, self::plain((string) $response->get_error_code()));
        }
        return new Answer((int) wp_remote_retrieve_response_code($response), (string) wp_remote_retrieve_body($response), (int) wp_remote_retrieve_header($response, 'retry-after'));
    }

    /** @param array<string, string> $headers */
    private function byCurl(string $method, string $url, string $body, array $headers, float $timeout): Answer
    {
        $retryAfter = 0;
        $text = '';
        $curl = curl_init($url);
        curl_setopt_array($curl, [
            CURLOPT_CUSTOMREQUEST => $method, CURLOPT_FOLLOWLOCATION => false, CURLOPT_SSL_VERIFYPEER => true, CURLOPT_SSL_VERIFYHOST => 2,
            CURLOPT_TIMEOUT_MS => (int) ($timeout * 1000), CURLOPT_USERAGENT => self::agent(), CURLOPT_HTTPHEADER => self::headerLines($headers + ['Expect' => '']),
            CURLOPT_PROTOCOLS => CURLPROTO_HTTP | CURLPROTO_HTTPS,
            // Beyond the most, curl ends the transfer: nothing larger is held.
            CURLOPT_WRITEFUNCTION => static function ($curl, string $part) use (&$text): int {
                $text .= $part;
                return strlen($text) > self::MOST_ANSWER_BYTES ? 0 : strlen($part);
            },
            CURLOPT_HEADERFUNCTION => static function ($curl, string $line) use (&$retryAfter): int {
                if (stripos($line, 'retry-after:') === 0) {
                    $retryAfter = (int) substr($line, 12);
                }
                return strlen($line);
            },
        ] + ($body === '' ? [] : [CURLOPT_POSTFIELDS => $body]));
        $answer = curl_exec($curl) === true
            ? new Answer((int) curl_getinfo($curl, CURLINFO_RESPONSE_CODE), $text, $retryAfter)
            : new Answer(0, '', 0, 'curl error ' . curl_errno($curl));
        unset($curl);
        return $answer;
    }

    /** @param array<string, string> $headers */
    private function byStream(string $method, string $url, string $body, array $headers, float $timeout): Answer
    {
        $context = stream_context_create(['http' => ['method' => $method, 'header' => self::headerLines($headers), 'content' => $body, 'timeout' => $timeout, 'follow_location' => 0,
            'ignore_errors' => true, 'user_agent' => self::agent()], 'ssl' => ['verify_peer' => true, 'verify_peer_name' => true]]);
        $stream = @fopen($url, 'rb', false, $context);
        if ($stream === false) {
            return new Answer(0, '', 0, 'no connection');
        }
        $text = (string) stream_get_contents($stream, self::MOST_ANSWER_BYTES);
        $lines = implode("\n", (array) (stream_get_meta_data($stream)['wrapper_data'] ?? []));
        fclose($stream);
        $status = preg_match('/^HTTP\/[0-9.]+ ([0-9]{3})/', $lines, $found) === 1 ? (int) $found[1] : 0;
        return new Answer($status, $text, preg_match('/^retry-after:\s*([0-9]+)/im', $lines, $found) === 1 ? (int) $found[1] : 0);
    }

    /**
     * @param array<string, string> $headers
     * @return list<string>
     */
    private static function headerLines(array $headers): array
    {
        return array_map(static fn(string $name, string $value): string => "{$name}: {$value}", array_keys($headers), array_values($headers));
    }

    private static function agent(): string
    {
        return 'Tourniquet/' . (defined('TOURNIQUET_VERSION') ? TOURNIQUET_VERSION : '0');
    }

    private static function plain(string $text): string
    {
        return substr((string) preg_replace('/[^A-Za-z0-9_. -]/', '', $text), 0, 80);
    }
}
