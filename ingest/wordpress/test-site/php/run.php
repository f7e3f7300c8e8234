<?php
/** Runs what comes on standard input inside WordPress: run.php TREE HOST PATH [before] */

[, $tourniquet_tree, $tourniquet_host, $tourniquet_path] = $argv;
$_SERVER['HTTP_HOST'] = $_SERVER['SERVER_NAME'] = $tourniquet_host;
$_SERVER['REQUEST_URI'] = $tourniquet_path;
$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';
$_SERVER['PHP_SELF'] = '/index.php';
if (($argv[4] ?? '') === 'installing') {
    define('WP_INSTALLING', true);
}
$tourniquet_code = (string) stream_get_contents(STDIN);
require $tourniquet_tree . '/wp-load.php';
eval($tourniquet_code);
