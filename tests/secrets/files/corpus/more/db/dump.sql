INSERT INTO `users` VALUES (1,'anna','$2y$10$notarealhashnotarealhashnotarealhashnotarealhash1234');
CREATE USER 'x'@'%' IDENTIFIED BY 'roter-Fuchs-2';
