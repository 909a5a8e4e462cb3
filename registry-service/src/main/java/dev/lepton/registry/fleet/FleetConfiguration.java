package dev.lepton.registry.fleet;

import dev.lepton.registry.changelog.DirectConnections;
import dev.lepton.registry.time.NanoClock;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Wires the reader of the change log. Whoever is given the {@link FleetView} finds it loaded. */
@Configuration(proxyBeanMethods = false)
class FleetConfiguration {

    @Bean(initMethod = "start", destroyMethod = "close")
    @DependsOnDatabaseInitialization
    ChangeTail changeTail(DirectConnections connections, NanoClock clock) {
        return new ChangeTail(connections, clock);
    }

    @Bean
    FleetView fleetView(ChangeTail tail) {
        return tail.fleet();
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    ChangeListener changeListener(DirectConnections connections, ChangeTail tail) {
        return new ChangeListener(connections, tail);
    }

    @Bean
    WebMvcConfigurer viewAge(FleetView fleet) {
        return new WebMvcConfigurer() {
            @Override
            public void addInterceptors(InterceptorRegistry registry) {
                registry.addInterceptor(new ViewAgeHeaders(fleet)).addPathPatterns("/v1/**");
            }
        };
    }
}
