package dev.lepton.registry.replica;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.core.env.Environment;

/** The wall clock of a replica that a test sets, by a file that holds a duration. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(JumpingClock.FILE)
class JumpingClock {

    static final String FILE = "test.clock-offset";

    @Bean
    @Primary
    InstantSource jumpingInstantSource(
            Environment settings, @Qualifier("instantSource") InstantSource machine) {
        Path file = Path.of(settings.getRequiredProperty(FILE));
        return () -> machine.instant().plus(offset(file));
    }

    private static Duration offset(Path file) {
        try {
            return Files.exists(file) ? Duration.parse(Files.readString(file)) : Duration.ZERO;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
