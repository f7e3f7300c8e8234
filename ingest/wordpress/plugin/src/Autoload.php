<?php

declare(strict_types=1);

spl_autoload_register(static function (string $class): void {
    if (strncmp($class, 'Tourniquet\\', 11) !== 0) {
        return;
    }
    // Asking first whether it is there would ask the disk, which the cache of compiled files need not.
    @include __DIR__ . '/' . str_replace('\\', '/', substr($class, 11)) . '.php';
});
