package dev.lepton.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.WebFilter;

/** Filters of web requests that an application adds, one that guards it for instance. */
@ExtendWith(LeakCheck.class)
class OwnWebFiltersIT {

    @Configuration(proxyBeanMethods = false)
    static class Guard {

        @Bean
        WebFilter guard() {
            return (exchange, chain) -> {
                if (exchange.getRequest().getHeaders().containsHeader("X-Pass")) {
                    return chain.filter(exchange);
                }
                exchange.getResponse().setStatusCode(HttpStatus.UNAUTHORIZED);
                return exchange.getResponse().setComplete();
            };
        }
    }

    @Test
    void requestsPassThem(@TempDir Path home) {
        try (StubUnit unit = StubUnit.good("guarded-1");
                RunningGateway gateway =
                        RunningGateway.start(
                                home, "--spring.main.sources=" + Guard.class.getName())) {
            gateway.up("guarded", unit);

            HttpResponse<String> refused = gateway.get("/guarded/x");
            HttpResponse<String> passed =
                    gateway.send(gateway.request("/guarded/x").header("X-Pass", "1").GET());

            assertThat(refused.statusCode()).isEqualTo(401);
            assertThat(passed.body()).isEqualTo("guarded-1");
            assertThat(unit.requests()).hasSize(1);
        }
    }
}
