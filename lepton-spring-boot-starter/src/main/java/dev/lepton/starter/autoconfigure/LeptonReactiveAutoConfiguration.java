package dev.lepton.starter.autoconfigure;

import dev.lepton.starter.selfcheck.SelfCheckPath;
import dev.lepton.starter.traffic.RequestCounts;
import dev.lepton.starter.traffic.RequestGate;
import dev.lepton.starter.traffic.UnitHttpHandler;
import dev.lepton.starter.unit.ThisUnit;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.webflux.autoconfigure.WebHttpHandlerBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** The unit's door in a reactive server. */
@AutoConfiguration(after = LeptonAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
@ConditionalOnClass(WebHttpHandlerBuilderCustomizer.class)
@ConditionalOnBean(ThisUnit.class)
public final class LeptonReactiveAutoConfiguration {

    /** Last, since the decorator that is added last is the outermost. */
    @Bean
    @Order(Ordered.LOWEST_PRECEDENCE)
    WebHttpHandlerBuilderCustomizer leptonUnitHttpHandler(
            ThisUnit unit, SelfCheckPath path, RequestGate gate, RequestCounts counts) {
        return builder ->
                builder.httpHandlerDecorator(
                        application -> new UnitHttpHandler(application, unit, path, gate, counts));
    }
}
