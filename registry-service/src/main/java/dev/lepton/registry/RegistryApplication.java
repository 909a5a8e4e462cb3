package dev.lepton.registry;

import dev.lepton.registry.postgres.PostgresMain;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The registry; with {@code postgres} as its first argument, its embedded PostgreSQL alone. */
@SpringBootApplication(proxyBeanMethods = false)
public class RegistryApplication {

    /** Starts the one or the other. */
    public static void main(String[] args) {
        if (args.length > 0 && args[0].equals("postgres")) {
            System.exit(PostgresMain.run(System.getenv()));
        }
        SpringApplication.run(RegistryApplication.class, args);
    }
}
