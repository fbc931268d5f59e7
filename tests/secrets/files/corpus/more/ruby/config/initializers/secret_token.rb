App::Application.config.secret_token = 'abcdef0123456789abcdef0123456789abcdef'
