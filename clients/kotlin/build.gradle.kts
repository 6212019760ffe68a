plugins {
    kotlin("jvm") version "2.4.0"
    kotlin("plugin.serialization") version "2.4.0"
    `java-library`
    `maven-publish`
}

group = "com.example"
version = "1.0.0"

repositories {
    mavenCentral()
}

dependencies {
    api("com.squareup.okhttp3:okhttp:5.4.0")
    api("org.jetbrains.kotlinx:kotlinx-serialization-json:1.11.0")
}

kotlin {
    jvmToolchain(17)
    sourceSets.main {
        kotlin.srcDir("src/generated/kotlin")
    }
}

publishing {
    publications {
        create<MavenPublication>("client") {
            artifactId = "platform-client"
            from(components["java"])
        }
    }
}
