package dev.lepton.gateway;

import java.util.function.LongSupplier;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisReactiveAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisRepositoriesAutoConfiguration;
import org.springframework.cloud.gateway.config.GatewayNoLoadBalancerClientAutoConfiguration;
import org.springframework.context.annotation.Bean;

/**
 * The gateway: Spring Cloud Gateway, with routing of its own for {@code unit://} and {@code lb://}.
 */
@SpringBootApplication(
        exclude = {
            GatewayNoLoadBalancerClientAutoConfiguration.class,
            // Redis is configured where it is set, by the package that uses it.
            DataRedisAutoConfiguration.class,
            DataRedisReactiveAutoConfiguration.class,
            DataRedisRepositoriesAutoConfiguration.class
        })
@ConfigurationPropertiesScan
public class GatewayApplication {

    public static void main(String[] args) {
        SpringApplication.run(GatewayApplication.class, args);
    }

    /** The monotonic clock by which every duration here is judged. */
    @Bean
    LongSupplier nanoTime() {
        return System::nanoTime;
    }
}
