package dev.lepton.starter.autoconfigure;

import dev.lepton.starter.selfcheck.SelfCheckPath;
import dev.lepton.starter.traffic.RequestCounts;
import dev.lepton.starter.traffic.RequestGate;
import dev.lepton.starter.traffic.UnitFilter;
import dev.lepton.starter.unit.ThisUnit;
import jakarta.servlet.DispatcherType;
import java.util.EnumSet;
import org.apache.catalina.valves.AccessLogValve;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

/** The unit's door in a servlet container. */
@AutoConfiguration(after = LeptonAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnBean(ThisUnit.class)
public final class LeptonServletAutoConfiguration {

    @Bean
    FilterRegistrationBean<UnitFilter> leptonUnitFilter(
            ThisUnit unit, SelfCheckPath path, RequestGate gate, RequestCounts counts) {
        FilterRegistrationBean<UnitFilter> registration =
                new FilterRegistrationBean<>(new UnitFilter(unit, path, gate, counts));
        registration.setDispatcherTypes(EnumSet.of(DispatcherType.REQUEST));
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
        return registration;
    }

    /** Leaves self-checks out of Tomcat's access log, which is written outside of all filters. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({TomcatServletWebServerFactory.class, AccessLogValve.class})
    static class AccessLog {

        @Bean
        WebServerFactoryCustomizer<TomcatServletWebServerFactory> leptonAccessLogCustomizer() {
            return factory ->
                    factory.addContextCustomizers(
                            context -> factory.getEngineValves().forEach(AccessLog::omit));
        }

        private static void omit(Object valve) {
            if (valve instanceof AccessLogValve log && log.getConditionUnless() == null) {
                log.setConditionUnless(UnitFilter.SELF_CHECK_ATTRIBUTE);
            }
        }
    }
}
