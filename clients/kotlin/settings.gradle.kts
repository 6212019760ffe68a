rootProject.name = "platform-client"
