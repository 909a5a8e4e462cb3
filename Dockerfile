# Every image of the platform. One target per service:
#
#   docker build --target worker -t lepton/worker .
#
# It needs nothing of the host but Docker, and nothing that the classic builder lacks.

FROM eclipse-temurin:25-jdk AS build
WORKDIR /src
COPY . .
RUN ./mvnw -B -ntp -Dmaven.test.skip=true -Dspotless.check.skip=true \
        -pl registry-service,gateway-service,supervisor-service,sample-worker-service -am package
# The layers that seldom change come apart from the service's own classes.
RUN for service in registry-service gateway-service supervisor-service sample-worker-service; do \
        java -Djarmode=tools -jar $service/target/$service-*-exec.jar \
            extract --layers --application-filename app.jar --destination /layers/$service || exit 1; \
    done
# Netty would unpack its native library into /tmp at each start, from where nothing may be executed.
RUN mkdir -p /native && cd /native \
    && for jar in /layers/gateway-service/dependencies/lib/netty-transport-native-epoll-*-linux-*.jar; do \
        jar xf "$jar" META-INF/native || exit 1; \
    done && mv META-INF/native/*.so . && rm -r META-INF

# Whatever the modes of the checkout are.
RUN mkdir /run-files && cp docker/* /run-files/ && chmod 755 /run-files/* && chmod 644 /run-files/*.jvm /run-files/*.yml

# What all services run on. The user has a name, because PostgreSQL refuses a user without one.
FROM eclipse-temurin:25-jre AS runtime
RUN groupadd --gid 10001 lepton \
    && useradd --uid 10001 --gid 10001 --home-dir /var/lib/lepton --shell /usr/sbin/nologin lepton \
    && mkdir -p /app /var/lib/lepton \
    && chown lepton:lepton /var/lib/lepton
WORKDIR /app
COPY --from=build /run-files/healthy /run-files/ask /run-files/train-aot /app/

# Each service has a run in the build, from which the JVM learns what to have ready at every later start (its AOT
# cache). That happens in a stage of its own: of all that the run writes, the cache alone is copied into the image.

FROM runtime AS registry-app
COPY --from=build /layers/registry-service/dependencies/ /layers/registry-service/application/ ./
COPY --from=build /run-files/registry.jvm ./jvm.options
ENV SERVER_ADDRESS=0.0.0.0 MANAGEMENT_SERVER_ADDRESS=0.0.0.0 LEPTON_HOME=/var/lib/lepton

FROM registry-app AS registry-trained
RUN mkdir /aot && chown lepton /aot
USER lepton
RUN ./train-aot http://127.0.0.1:8762/actuator/health/readiness

FROM registry-app AS registry
COPY --from=registry-trained /aot/app.aot ./
USER 10001:10001
EXPOSE 8761
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s --retries=3 \
    CMD ["./healthy", "http://127.0.0.1:8762/actuator/health/readiness"]
ENTRYPOINT ["java", "@jvm.options", "-XX:AOTCache=app.aot", "-Xlog:aot+codecache*=off", "-jar", "app.jar"]

FROM runtime AS gateway-app
COPY --from=build /layers/gateway-service/dependencies/ /layers/gateway-service/application/ ./
COPY --from=build /native/ ./native/
COPY --from=build /run-files/gateway.jvm ./jvm.options
ENV SERVER_ADDRESS=0.0.0.0 MANAGEMENT_SERVER_ADDRESS=0.0.0.0 LEPTON_HOME=/var/lib/lepton

FROM gateway-app AS gateway-trained
RUN mkdir /aot && chown lepton /aot
USER lepton
RUN ./train-aot http://127.0.0.1:8081/actuator/health/liveness http://127.0.0.1:8080/nobody/here

FROM gateway-app AS gateway
COPY --from=gateway-trained /aot/app.aot ./
USER 10001:10001
EXPOSE 8080
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s --retries=3 \
    CMD ["./healthy", "http://127.0.0.1:8081/actuator/health/readiness"]
ENTRYPOINT ["java", "@jvm.options", "-XX:AOTCache=app.aot", "-Xlog:aot+codecache*=off", "-jar", "app.jar"]

FROM runtime AS supervisor-app
COPY --from=build /layers/supervisor-service/dependencies/ /layers/supervisor-service/application/ ./
COPY --from=build /run-files/supervisor.jvm ./jvm.options
# Which units there are; docker-compose.yml lays the file of the checkout over it.
COPY --from=build /run-files/compose-units.yml ./lepton.yml
ENV LEPTON_HOME=/var/lib/lepton

FROM supervisor-app AS supervisor-trained
RUN mkdir /aot && chown lepton /aot
USER lepton
RUN ./train-aot http://127.0.0.1:8091/actuator/health/liveness

FROM supervisor-app AS supervisor
COPY --from=supervisor-trained /aot/app.aot ./
USER 10001:10001
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s --retries=3 \
    CMD ["./healthy", "http://127.0.0.1:8091/actuator/health/liveness"]
ENTRYPOINT ["java", "@jvm.options", "-XX:AOTCache=app.aot", "-Xlog:aot+codecache*=off", "-jar", "app.jar"]

# The socket proxy is a part of the supervisor's jar that starts without Spring; it needs no cache.
FROM supervisor-app AS engine
COPY --from=build /run-files/engine.jvm ./jvm.options
ENV LEPTON_ADDRESS=0.0.0.0
USER 10001:10001
HEALTHCHECK --interval=5s --timeout=5s --start-period=30s --retries=3 \
    CMD ["./healthy", "http://127.0.0.1:2375/_ping"]
ENTRYPOINT ["java", "@jvm.options", "-jar", "app.jar", "socket-proxy"]

FROM runtime AS worker-app
COPY --from=build /layers/sample-worker-service/dependencies/ /layers/sample-worker-service/application/ ./
COPY --from=build /run-files/worker.jvm ./jvm.options
ENV SERVER_ADDRESS=0.0.0.0 SERVER_PORT=8080 MANAGEMENT_SERVER_ADDRESS=0.0.0.0 MANAGEMENT_SERVER_PORT=8081

FROM worker-app AS worker-trained
RUN mkdir /aot && chown lepton /aot
USER lepton
RUN ./train-aot http://127.0.0.1:8081/actuator/health/readiness http://127.0.0.1:8080/hello

FROM worker-app AS worker
COPY --from=worker-trained /aot/app.aot ./
# What the unit says its version is; by default that of the build.
ARG LEPTON_UNIT_VERSION=
ENV LEPTON_UNIT_VERSION=$LEPTON_UNIT_VERSION
USER 10001:10001
EXPOSE 8080
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s --retries=3 \
    CMD ["./healthy", "http://127.0.0.1:8081/actuator/health/readiness"]
ENTRYPOINT ["java", "@jvm.options", "-XX:AOTCache=app.aot", "-Xlog:aot+codecache*=off", "-jar", "app.jar"]
