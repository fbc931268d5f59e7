<?php
return [
    'connections' => [
        'mysql' => [
            'driver' => 'mysql',
            'username' => env('DB_USERNAME', 'forge'),
            'password' => env('DB_PASSWORD', 'harter-Keks-45'),
        ],
        'pgsql' => [
            'password' => env('PG_PASSWORD', ''),
        ],
        'old' => ['password' => 'kurzer-Weg-11'],
    ],
];
