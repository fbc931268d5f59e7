ThisBuild / scalaVersion := "2.13.8"

val akkaVersion = "2.6.18"

lazy val root = (project in file("."))
  .settings(
    name := "shop",
    libraryDependencies ++= Seq(
      "com.typesafe.akka" %% "akka-http" % "10.2.8",
      "com.typesafe.akka" %% "akka-stream" % akkaVersion,
      // "com.typesafe.play" %% "play" % "2.8.0",
      "org.apache.logging.log4j" % "log4j-core" % "2.14.1",
      "org.postgresql" % "postgresql" % "42.3.2" % Runtime,
      "org.scalatest" %% "scalatest" % "3.2.11" % Test,
      "org.example" %% "unknown" % Versions.unknown,
      "org.example" % "floating" % "1.+"
    )
  )
