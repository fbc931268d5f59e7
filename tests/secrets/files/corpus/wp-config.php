<?php
/** 数据库名称 */
define( 'DB_NAME', 'wordpress' );
define( 'DB_USER', 'wp' );
define( 'DB_PASSWORD', 'grosser-Hut-35' );
define( 'DB_HOST', 'localhost' );
define('AUTH_KEY',         'x7|ein sehr langer Satz, der kein Schluessel ist|7x');
define('SECURE_AUTH_KEY',  'put your unique phrase here');
define('LOGGED_IN_SALT',   'y3|noch ein langer Satz, der nichts bedeutet|3y');
$table_prefix = 'wp_';
define( 'WP_DEBUG', false );
