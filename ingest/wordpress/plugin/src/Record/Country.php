<?php

declare(strict_types=1);

namespace Tourniquet\Record;

/** The country that a service in front of the site tells. */
final class Country
{
    /** Set by the web server itself. */
    private const SERVER = ['GEOIP_COUNTRY_CODE', 'GEOIP2_COUNTRY_CODE', 'MM_COUNTRY_CODE'];
    /** Headers of proxies, which anybody can send who reaches the site past them. */
    private const HEADERS = ['HTTP_CF_IPCOUNTRY', 'HTTP_CLOUDFRONT_VIEWER_COUNTRY', 'HTTP_X_COUNTRY_CODE', 'HTTP_X_GEO_COUNTRY', 'HTTP_FASTLY_GEO_COUNTRY'];

    /**
     * ISO 3166-1 alpha-2, or empty.
     *
     * @param array<string, mixed> $server
     * @param list<string> $trusted networks of proxies, as for `TrustedProxies`
     */
    public static function code(array $server, array $trusted): string
    {
        $names = self::SERVER;
        if ($trusted !== [] && TrustedProxies::contains($trusted, (string) ($server['REMOTE_ADDR'] ?? ''))) {
            $names = array_merge(self::HEADERS, $names);
        }
        foreach ($names as $name) {
            $code = strtoupper((string) ($server[$name] ?? ''));
            // XX is unknown, T1 the Tor network.
            if (preg_match('/^[A-Z]{2}\z/', $code) === 1 && $code !== 'XX') {
                return $code;
            }
        }
        return '';
    }
}
