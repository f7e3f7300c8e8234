<?php

declare(strict_types=1);

// What runs here is the plugin without WordPress.
require_once __DIR__ . '/../plugin/src/Autoload.php';
require_once __DIR__ . '/Vectors.php';
require_once __DIR__ . '/Integrity/FilesOnDisk.php';
