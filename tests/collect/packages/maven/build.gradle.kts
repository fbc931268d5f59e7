plugins {
    kotlin("jvm") version "1.6.10"
}

dependencies {
    implementation("io.ktor:ktor-server-core:1.6.7")
    implementation(platform("com.amazonaws:aws-java-sdk-bom:1.12.187"))
    "kapt"("com.google.dagger:dagger-compiler:2.41")
    api(group = "org.postgresql", name = "postgresql", version = "42.3.2")
    implementation(libs.guava)
    testImplementation(kotlin("test"))
    testImplementation("io.mockk:mockk:1.12.3")
}
