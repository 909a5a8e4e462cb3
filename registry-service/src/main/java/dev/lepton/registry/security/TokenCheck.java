package dev.lepton.registry.security;

import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;

/**
 * Looks at a token that is there before anything else, so that one that is of no use is told at
 * once and not after a wait for the database.
 */
final class TokenCheck
        implements ApplicationContextInitializer<ConfigurableApplicationContext>, Ordered {

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        Environment environment = context.getEnvironment();
        String home = environment.getProperty("lepton.home");
        if (home != null) {
            Path file =
                    SecurityConfiguration.tokenFile(
                            environment.getProperty("lepton.token-file", ""), Path.of(home));
            if (Files.exists(file)) {
                new TokenFile(file).readOrMake();
            }
        }
    }

    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }
}
