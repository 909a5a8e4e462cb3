package dev.lepton.registry.suite;

import dev.lepton.registry.support.ContainerTestServer;
import dev.lepton.registry.support.Required;
import org.junit.jupiter.api.BeforeAll;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.test.context.TestPropertySource;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** On the public image. */
@TestPropertySource(
        // Only that one is named, which nobody waits for; the container's own address is what
        // counts.
        properties = "spring.datasource.url=jdbc:the-container")
class OnContainerPostgresIT extends RegistrySuite {

    OnContainerPostgresIT(ConfigurableApplicationContext context) {
        super(context);
    }

    @BeforeAll
    static void dockerAnswers() {
        Required.that(ContainerTestServer.available(), "needs a Docker engine");
    }

    @TestConfiguration(proxyBeanMethods = false)
    static class Containers {

        @Bean
        @ServiceConnection
        PostgreSQLContainer postgres() {
            return new PostgreSQLContainer(ContainerTestServer.IMAGE);
        }
    }
}
