package dev.lepton.gateway.lookup;

import dev.lepton.gateway.edge.RouteRules;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.cloud.gateway.config.GlobalCorsProperties;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.accept.ApiVersionStrategy;
import org.springframework.web.server.WebFilter;

/** Takes the place of the mapping and the handler that Spring Cloud Gateway would configure. */
@Configuration(proxyBeanMethods = false)
class LookupConfiguration {

    @Bean
    KeptFilters keptFilters(List<GlobalFilter> globalFilters) {
        return new KeptFilters(globalFilters);
    }

    @Bean
    IndexedRouteMapping indexedRouteMapping(
            KeptFilters filters,
            RouteLocator locator,
            GlobalCorsProperties cors,
            Environment environment,
            RouteRules rules,
            ObjectProvider<ApiVersionStrategy> versions) {
        IndexedRouteMapping mapping =
                new IndexedRouteMapping(
                        filters, locator, cors, environment, rules.isEmpty() ? null : rules);
        versions.ifAvailable(mapping::setApiVersionStrategy);
        return mapping;
    }

    @Bean
    StraightToRoutes straightToRoutes(
            IndexedRouteMapping routes,
            ObjectProvider<HandlerMapping> mappings,
            ObjectProvider<WebFilter> filters) {
        return new StraightToRoutes(routes, mappings, filters);
    }
}
