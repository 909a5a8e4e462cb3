package dev.lepton.gateway.ratelimit;

import java.util.Map;
import java.util.Set;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Whether the settings say where Redis is; Spring Boot would take it to be on this machine. */
final class RedisIsSet implements Condition {

    private static final Set<String> PLACES =
            Set.of("host", "url", "sentinel", "cluster", "masterreplica");

    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
        Map<String, Object> settings =
                Binder.get(context.getEnvironment())
                        .bind("spring.data.redis", Bindable.mapOf(String.class, Object.class))
                        .orElse(Map.of());
        return settings.keySet().stream().anyMatch(PLACES::contains);
    }
}
