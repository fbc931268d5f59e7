<?php
return array(
    'db' => array(
        'host' => 'localhost',
        'user' => 'root',
        'password' => 'grauer-Esel-61', // 密码
    ),
    'title' => 'Passwort vergessen',
);
