package io.tradingbreaker.spring.autoconfigure;

import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.BreakerState;
import io.tradingbreaker.Intent;
import io.tradingbreaker.SwitchStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.Ordered;

/**
 * The settings as they stand in the configuration: nothing is merged or validated here.
 *
 * @param enabled Whether calls are guarded at all; false lets every call pass and measures nothing.
 * @param undeclared What becomes of a breaker that is asked for by name but not configured.
 * @param stallCheckInterval How often calls in flight are looked at, 5 ms to 1 s.
 * @param defaults Limits of every breaker that does not set its own.
 * @param breakers Limits of single breakers, by name.
 * @param aspect Settings of the advice behind @LatencyGuarded.
 * @param web Settings of the answer to a refused call.
 * @param health Settings of the health contributor.
 * @param metrics Settings of the meters.
 * @param observation Settings of the observations.
 * @param http Guards of HTTP clients.
 * @param grpc Guards of gRPC clients.
 * @param store Where halts are kept over a restart.
 * @param audit Settings of the audit trail.
 * @param webhook Settings of the server that is told of transitions.
 * @param dashboard Settings of the dashboard.
 */
@ConfigurationProperties(prefix = "trading-breaker", ignoreUnknownFields = false)
public record TradingBreakerProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("create") Undeclared undeclared,
        @DefaultValue("20ms") Duration stallCheckInterval,
        @NestedConfigurationProperty @Nullable BreakerSettings defaults,
        @DefaultValue Map<String, BreakerSettings> breakers,
        @DefaultValue Aspect aspect,
        @DefaultValue Web web,
        @DefaultValue Health health,
        @DefaultValue Metrics metrics,
        @DefaultValue Observation observation,
        @DefaultValue Http http,
        @DefaultValue Grpc grpc,
        @DefaultValue Store store,
        @DefaultValue Audit audit,
        @DefaultValue Webhook webhook,
        @DefaultValue Dashboard dashboard) {

    /** What becomes of a breaker that is asked for but not configured. */
    public enum Undeclared {
        /** It is made with the defaults. */
        CREATE,
        /** It stops the start. */
        REFUSE
    }

    /**
     * Settings of the advice behind {@code @LatencyGuarded}.
     *
     * @param order The place of the advice among others; lower is further out. The default is outside @Transactional.
     */
    public record Aspect(@DefaultValue("" + DEFAULT_ORDER) int order) {
        static final int DEFAULT_ORDER = Ordered.LOWEST_PRECEDENCE - 100;
    }

    /**
     * Settings of the answer to a refused call.
     *
     * @param enabled Whether an unhandled TradingPausedException is answered with 503 and Retry-After.
     */
    public record Web(@DefaultValue("true") boolean enabled) {}

    /**
     * Settings of the health contributor.
     *
     * @param affectsStatus Whether an open or halted breaker changes the health status; otherwise it only shows.
     * @param openStatus The health status while a breaker is open or halted, if it affects the status.
     */
    public record Health(
            @DefaultValue("false") boolean affectsStatus,
            @DefaultValue("OUT_OF_SERVICE") String openStatus) {}

    /**
     * Settings of the meters.
     *
     * @param enabled Whether breakers are metered.
     */
    public record Metrics(@DefaultValue("true") boolean enabled) {}

    /**
     * Settings of the observations.
     *
     * @param enabled Whether Micrometer observes each guarded call and each transition, for traces and timers.
     */
    public record Observation(@DefaultValue("false") boolean enabled) {}

    /**
     * Where halts are kept over a restart.
     *
     * @param type The kind of store: none, file or jdbc; not set means file where a path is set, and none otherwise.
     * @param path The file, in a folder that exists, for type file. It belongs to one process.
     * @param onUnreadable What happens at the start while the store cannot be read: halt stops all trading until it can, start trades.
     * @param refresh How often a store that failed is tried again, and one that is shared is read; 100 ms to 1 min.
     * @param dataSource The bean that is the database, for type jdbc; not set means the only one, or the primary one.
     * @param initializeSchema Whether tables that are missing are created, for type jdbc.
     * @param switchName Whose halts these are, where services share a database but not their halts, for type jdbc.
     */
    public record Store(
            @Nullable Type type,
            @Nullable String path,
            @DefaultValue("halt") SwitchStore.OnUnreadable onUnreadable,
            @DefaultValue("1s") Duration refresh,
            @Nullable String dataSource,
            @DefaultValue("never") InitializeSchema initializeSchema,
            @DefaultValue("default") String switchName) {

        /** The kinds of store. */
        public enum Type {
            /** Halts end with the process. */
            NONE,
            /** In a file of this process. */
            FILE,
            /** In a database, which processes may share. */
            JDBC
        }

        /** Whether tables are created. */
        public enum InitializeSchema {
            /** They are there. */
            NEVER,
            /** Those that are missing are. */
            ALWAYS
        }

        /** The kind that is meant. */
        Type chosen() {
            if (type != null) {
                return type;
            }
            return path == null || path.isBlank() ? Type.NONE : Type.FILE;
        }
    }

    /**
     * Settings of the audit trail.
     *
     * @param enabled Whether transitions and operators' actions are audit events.
     * @param capacity How many of them are kept in memory, 1 to 100000.
     */
    public record Audit(
            @DefaultValue("true") boolean enabled,
            @DefaultValue("1000") int capacity) {}

    /**
     * Settings of the server that is told of transitions.
     *
     * @param url Where each transition is posted to; only scheme, host and port are ever shown.
     * @param timeout The time that one attempt may take, 100 ms to 1 min.
     * @param attempts How often a delivery is tried, 1 to 20.
     * @param queueSize How many transitions may wait, 1 to 100000; the eldest gives way.
     * @param headers Headers of each request by name; never shown.
     * @param states The states whose beginning is told.
     */
    public record Webhook(
            @Nullable String url,
            @DefaultValue("5s") Duration timeout,
            @DefaultValue("5") int attempts,
            @DefaultValue("1000") int queueSize,
            @DefaultValue Map<String, String> headers,
            @DefaultValue({"OPEN", "HALTED", "CLOSED"}) Set<BreakerState> states) {

        /** Shows no secret. */
        @Override
        public String toString() {
            return "Webhook[attempts=" + attempts + "]";
        }
    }

    /**
     * Settings of the dashboard.
     *
     * @param enabled Whether the endpoint tradingdashboard is there, if it is exposed.
     * @param history How far back the dashboard remembers, 1 min to 24 h and at most 1800 intervals.
     * @param interval The time between two points of its history, 1 s to 1 min.
     */
    public record Dashboard(
            @DefaultValue("true") boolean enabled,
            @DefaultValue("10m") Duration history,
            @DefaultValue("2s") Duration interval) {}

    /**
     * Guards of HTTP clients.
     *
     * @param enabled Whether beans that are builders of RestClient or WebClient, or a RestTemplate, are guarded.
     * @param guards The guards; the first that matches a request guards it. Each has: uri, breaker, methods, intent, failure-status, ignored-status.
     */
    public record Http(
            @DefaultValue("true") boolean enabled,
            @DefaultValue List<Http.Guard> guards) {

        /**
         * A guard of HTTP requests.
         *
         * @param uri The requests: [scheme://]host[:port][/path], such as https://*.jup.ag/swap/**.
         * @param breaker The breaker's name.
         * @param methods The requests' methods; empty means all.
         * @param intent What the requests do to the risk on the books.
         * @param failureStatus The statuses that are failures: 500, or a class such as 5xx.
         * @param ignoredStatus The statuses that are neither outcome nor latency sample.
         */
        public record Guard(
                @DefaultValue("") String uri,
                @DefaultValue(BreakerRegistry.DEFAULT_NAME) String breaker,
                @DefaultValue Set<String> methods,
                @DefaultValue("open-risk") Intent intent,
                @DefaultValue("5xx") List<String> failureStatus,
                @DefaultValue("4xx") List<String> ignoredStatus) {}
    }

    /**
     * Guards of gRPC clients.
     *
     * @param enabled Whether calls over gRPC are guarded.
     * @param guards The guards; the first that matches a call guards it. Each has: method, authority, breaker, intent, ignored-status.
     */
    public record Grpc(
            @DefaultValue("true") boolean enabled,
            @DefaultValue List<Grpc.Guard> guards) {

        /**
         * A guard of gRPC calls.
         *
         * @param method The calls: service/method such as geyser.Geyser/GetSlot, service/*, or *.
         * @param authority The channel's host[:port], such as *.rpcpool.com; empty means any.
         * @param breaker The breaker's name.
         * @param intent What the calls do to the risk on the books.
         * @param ignoredStatus The status codes that are neither outcome nor latency sample.
         */
        public record Guard(
                @DefaultValue("") String method,
                @DefaultValue("") String authority,
                @DefaultValue(BreakerRegistry.DEFAULT_NAME) String breaker,
                @DefaultValue("open-risk") Intent intent,

                @DefaultValue({"INVALID_ARGUMENT", "NOT_FOUND", "UNAUTHENTICATED", "RESOURCE_EXHAUSTED"})
                List<String> ignoredStatus) {}
    }
}
