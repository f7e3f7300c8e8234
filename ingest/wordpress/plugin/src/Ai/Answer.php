<?php

declare(strict_types=1);

namespace Tourniquet\Ai;

/** An answer of WordPress' HTTP API with the values put back, wherever it holds its body. */
final class Answer
{
    private const MOST_FILE_BYTES = 8388608;

    /**
     * @param mixed $response
     * @return mixed
     */
    public static function restored($response, Pseudonyms $pseudonyms)
    {
        if (!is_array($response) || $pseudonyms->count() === 0) {
            return $response;
        }
        $file = (string) ($response['filename'] ?? '');
        if ($file !== '' && is_file($file) && filesize($file) <= self::MOST_FILE_BYTES) {
            file_put_contents($file, $pseudonyms->restoreAnswer((string) file_get_contents($file)));
        }
        if (is_string($response['body'] ?? null)) {
            $response['body'] = $pseudonyms->restoreAnswer($response['body']);
            $object = $response['http_response'] ?? null;
            if (is_object($object) && method_exists($object, 'set_data')) {
                $object->set_data($response['body']);
            }
        }
        return $response;
    }
}
