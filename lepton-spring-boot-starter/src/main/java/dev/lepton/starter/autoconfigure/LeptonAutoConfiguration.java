package dev.lepton.starter.autoconfigure;

import dev.lepton.client.registration.Registration;
import dev.lepton.starter.drain.DrainBeforeStop;
import dev.lepton.starter.drain.DrainSettings;
import dev.lepton.starter.fence.Fence;
import dev.lepton.starter.fence.FenceWatch;
import dev.lepton.starter.membership.HealthStatus;
import dev.lepton.starter.membership.Membership;
import dev.lepton.starter.membership.RegistryAccess;
import dev.lepton.starter.selfcheck.SelfCheckPath;
import dev.lepton.starter.selfcheck.SelfChecker;
import dev.lepton.starter.traffic.RequestCounts;
import dev.lepton.starter.traffic.RequestGate;
import dev.lepton.starter.unit.AdvertisedHost;
import dev.lepton.starter.unit.ThisUnit;
import dev.lepton.starter.unit.UnitSettings;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.info.BuildProperties;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/** Makes a web application a unit: who it is, its self-check, its membership and its drain. */
@AutoConfiguration
@ConditionalOnWebApplication
@ConditionalOnClass(WebServerApplicationContext.class)
@ConditionalOnBooleanProperty(name = "lepton.enabled", matchIfMissing = true)
@EnableConfigurationProperties(LeptonProperties.class)
public final class LeptonAutoConfiguration {

    private static final Duration SELF_CHECK_INTERVAL = Duration.ofSeconds(1);
    private static final Duration SELF_CHECK_PATIENCE = Duration.ofSeconds(3);
    private static final Duration ROUTE_PATIENCE = Duration.ofMillis(500);

    @Bean
    UnitSettings leptonUnitSettings(
            LeptonProperties properties,
            Environment environment,
            ObjectProvider<BuildProperties> build) {
        return new UnitSettingsReader(properties, environment, build.getIfAvailable()).read();
    }

    @Bean
    ThisUnit leptonThisUnit(UnitSettings settings) {
        return new ThisUnit(settings);
    }

    @Bean
    Fence leptonFence(UnitSettings settings) {
        return new Fence("true".equals(settings.labels().get(Registration.EXCLUSIVE_LABEL)));
    }

    @Bean(destroyMethod = "close")
    FenceWatch leptonFenceWatch(Fence fence) {
        return FenceWatch.ofThisProcess(fence, System::nanoTime);
    }

    @Bean
    RequestGate leptonRequestGate(ThisUnit unit, Fence fence) {
        return new RequestGate(unit::isNamed, fence::refuses, System::nanoTime);
    }

    @Bean
    RequestCounts leptonRequestCounts() {
        return new RequestCounts(System::nanoTime);
    }

    @Bean
    SelfCheckPath leptonSelfCheckPath(LeptonProperties properties) {
        return SelfCheckPath.of(properties.unit().selfCheck().path());
    }

    @Bean(destroyMethod = "close")
    SelfChecker leptonSelfChecker(SelfCheckPath path, RequestCounts counts) {
        return new SelfChecker(
                path,
                SELF_CHECK_INTERVAL,
                SELF_CHECK_PATIENCE,
                counts::completed,
                System::nanoTime);
    }

    @Bean(destroyMethod = "close")
    RegistryAccess leptonRegistryAccess(LeptonProperties properties) {
        return new RegistryAccess(
                properties.registry().url(),
                properties.tokenFileOrDefault(),
                properties.registry().timeout());
    }

    @Bean(destroyMethod = "close")
    Membership leptonMembership(
            ThisUnit unit,
            UnitSettings settings,
            LeptonProperties properties,
            RegistryAccess registry,
            RequestGate gate,
            RequestCounts counts,
            SelfChecker selfChecker,
            ObjectProvider<HealthStatus> health,
            Fence fence) {
        return new Membership(
                unit,
                new AdvertisedHost(settings.host(), properties.registry().url(), ROUTE_PATIENCE),
                registry,
                gate,
                counts,
                selfChecker,
                health.getIfAvailable(() -> Map::of),
                InstantSource.system(),
                System::nanoTime,
                RandomGenerator.getDefault(),
                ProcessHandle.current().pid(),
                fence,
                Supervised.processHasASupervisor() ? Supervised::end : () -> {});
    }

    @Bean
    UnitStart leptonUnitStart(
            ApplicationContext context,
            UnitSettings settings,
            SelfCheckPath path,
            SelfChecker selfChecker,
            Membership membership,
            FenceWatch fenceWatch) {
        return new UnitStart(context, settings.port(), path, selfChecker, membership, fenceWatch);
    }

    @Bean
    DrainBeforeStop leptonDrainBeforeStop(
            Membership membership,
            RequestGate gate,
            RequestCounts counts,
            LeptonProperties properties,
            Environment environment) {
        return new DrainBeforeStop(
                membership,
                gate,
                counts,
                new DrainSettings(
                        properties.drain().timeout(),
                        properties.drain().quiet(),
                        OwnServer.of(environment).graceful()),
                System::nanoTime);
    }
}
