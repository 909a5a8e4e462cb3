package dev.lepton.benchmarks.stock;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.cloud.gateway.route.builder.RouteLocatorBuilder;
import org.springframework.context.annotation.Bean;

/**
 * One route for each service, by its path, through the load balancer and with the filter that
 * retries; everything else as the starters have it.
 */
@SpringBootApplication
public class StockGateway {

    private static final int RETRIES = 3;

    public static void main(String[] arguments) {
        SpringApplication.run(StockGateway.class, arguments);
    }

    /** In Java, so that a number is enough to have 10,000 of them. */
    @Bean
    RouteLocator services(RouteLocatorBuilder builder, @Value("${services:1}") int services) {
        RouteLocatorBuilder.Builder routes = builder.routes();
        for (int i = 1; i <= services; i++) {
            String service = "service-" + i;
            routes.route(
                    service,
                    route ->
                            route.path("/" + service + "/**")
                                    .filters(filters -> filters.stripPrefix(1).retry(RETRIES))
                                    .uri("lb://" + service));
        }
        return routes.build();
    }
}
