package dev.lepton.starter.autoconfigure;

import dev.lepton.starter.actuate.LeptonEndpoint;
import dev.lepton.starter.membership.Membership;
import dev.lepton.starter.membership.RegistryAccess;
import dev.lepton.starter.selfcheck.SelfChecker;
import dev.lepton.starter.traffic.RequestCounts;
import dev.lepton.starter.traffic.RequestGate;
import dev.lepton.starter.unit.ThisUnit;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/** The actuator endpoint {@code lepton}. */
@AutoConfiguration(after = LeptonAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnBean(Membership.class)
public final class LeptonActuatorAutoConfiguration {

    @Bean
    @ConditionalOnAvailableEndpoint
    LeptonEndpoint leptonEndpoint(
            ThisUnit unit,
            Membership membership,
            RegistryAccess registry,
            SelfChecker selfChecker,
            RequestGate gate,
            RequestCounts counts) {
        return new LeptonEndpoint(unit, membership, registry, selfChecker, gate, counts);
    }
}
