package io.tradingbreaker.spring.autoconfigure;

import io.tradingbreaker.BreakerMode;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.BreakerState;
import io.tradingbreaker.Intent;
import io.tradingbreaker.KeyPolicy;
import io.tradingbreaker.ResumePolicy;
import io.tradingbreaker.SwitchStore;
import io.tradingbreaker.spring.probe.ProbeSettings.Require;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
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
        @Nullable Breaker defaults,
        @DefaultValue Map<String, Breaker> breakers,
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
     * The limits of one breaker; what is null is not set.
     *
     * @param mode Whether calls are refused (enforce) or only watched (observe).
     * @param p99Threshold A call over this counts against the percentile; 0 switches the percentile rule off.
     * @param latencyThreshold A call over this is slow; the p99-threshold if not set.
     * @param percentile The percentile that must not pass p99-threshold, over 0 up to 100, at most 3 decimals.
     * @param windowSize The number of samples that the percentile is taken over, 1 to 100000.
     * @param windowAge The age at which a sample leaves the window.
     * @param minimumSamples A window with fewer samples is judged as if the missing ones were fast.
     * @param confidence How sure the percentile rule must be, 0.5 to below 1; not set means the plain percentile.
     * @param failureThreshold Failed or slow calls in a row that pause trading; 0 switches the rule off. Off for a breaker that is a parent, unless set there.
     * @param errorRateThreshold The share of failed calls that pauses trading, 0 to 1; 0 switches the rule off.
     * @param localPauseLimit The time that this JVM may stand still in 10 s before trading is paused; 0 switches the rule off.
     * @param streamSilence The time that a watched stream may be silent while a message is awaited, 100 ms to 1 h; 0 switches the rule off.
     * @param permitTimeout The age at which a call is given up as lost, at most 1 h.
     * @param recoveryTimeout How long trading stays paused at least.
     * @param halfOpenRequests Trial calls while half-open.
     * @param halfOpenSuccesses Fast successes among the trial calls that resume trading.
     * @param halfOpenTimeout After this long in half-open the health checker is asked again.
     * @param samplingRate The share of calls in the reported histogram, 0 to 1; decisions see all.
     * @param parent The breaker that is asked before this one.
     * @param pass The intents that pass while trading is paused: reduce, cancel, query; an empty list lets none pass.
     * @param ignoreExceptions Exception classes that are no failure; they beat record-exceptions.
     * @param recordExceptions Exception classes that are a failure; all others are ignored.
     * @param recovery The waits between attempts at recovery.
     * @param resume Who lets trading resume after a trip.
     * @param maxKeys How many breakers it may have for single keys, 1 to 10000.
     * @param whenKeysFull What becomes of the calls of further keys: they share the breaker itself (share), or are refused (refuse).
     * @param keyIdleTimeout The time without a call after which the breaker of a key ends, 1 s to 24 h.
     * @param probe Settings of health checks.
     */
    public record Breaker(
            @Nullable BreakerMode mode,
            @Nullable Duration p99Threshold,
            @Nullable Duration latencyThreshold,
            @Nullable Double percentile,
            @Nullable Integer windowSize,
            @Nullable Duration windowAge,
            @Nullable Integer minimumSamples,
            @Nullable Double confidence,
            @Nullable Integer failureThreshold,
            @Nullable Double errorRateThreshold,
            @Nullable Duration localPauseLimit,
            @Nullable Duration streamSilence,
            @Nullable Duration permitTimeout,
            @Nullable Duration recoveryTimeout,
            @Nullable Integer halfOpenRequests,
            @Nullable Integer halfOpenSuccesses,
            @Nullable Duration halfOpenTimeout,
            @Nullable Double samplingRate,
            @Nullable String parent,
            @Nullable Set<Intent> pass,
            @Nullable List<String> ignoreExceptions,
            @Nullable List<String> recordExceptions,
            @Nullable Recovery recovery,
            @Nullable Resume resume,
            @Nullable Integer maxKeys,
            KeyPolicy.@Nullable WhenFull whenKeysFull,
            @Nullable Duration keyIdleTimeout,
            @Nullable Probe probe) {

        static final Breaker EMPTY = new Breaker(
                null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
                null, null, null, null, null, null, null, null, null, null, null);
    }

    /**
     * The waits between attempts at recovery.
     *
     * @param baseDelay The wait after the first failed attempt, at least 100 ms.
     * @param maxDelay The longest wait.
     * @param multiplier The growth from one wait to the next, 1 to 100.
     * @param jitterFactor The share of a wait that chance may take away, 0 to 1.
     */
    public record Recovery(
            @Nullable Duration baseDelay,
            @Nullable Duration maxDelay,
            @Nullable Double multiplier,
            @Nullable Double jitterFactor) {

        static final Recovery EMPTY = new Recovery(null, null, null, null);
    }

    /**
     * Who lets trading resume after a trip.
     *
     * @param policy The breaker itself (automatic), an operator (manual), or the breaker a limited number of times (limited).
     * @param limit For policy limited: how often the breaker resumes by itself within the period, 1 to 1000.
     * @param period For policy limited: the latest span of time over which that is counted, 1 min to 30 d.
     */
    public record Resume(
            ResumePolicy.@Nullable Kind policy,
            @Nullable Integer limit,
            @Nullable Duration period) {

        static final Resume EMPTY = new Resume(null, null, null);
    }

    /**
     * Settings of health checks.
     *
     * @param timeout The time that a health check may take; later it counts as unhealthy.
     * @param type What the probe speaks: solana-rpc, http, grpc-health or yellowstone; not set or none means no probe.
     * @param endpoints The URIs that are looked at, 1 to 16. Only scheme, host and port are ever shown.
     * @param require Whether all endpoints must be healthy, or any.
     * @param requiredSuccesses Healthy looks in a row that make an endpoint healthy, 1 to 100.
     * @param interval The time between looks in the background, 50 ms to 1 h; not set means looks on an attempt at recovery only.
     * @param requestTimeout The time that one look at an endpoint may take, 10 ms up to the timeout.
     * @param maxSlotAge How long the slot may stand still, 100 ms to 1 h.
     * @param maxSlotLag Slots that an endpoint may be behind the best known.
     * @param method The method of the request, for type http: GET, HEAD or POST.
     * @param expectedStatus The statuses of a healthy answer, for type http.
     * @param headers Headers of each request, metadata for gRPC; never shown.
     * @param token Sent as x-token with each request; never shown.
     * @param service The service whose health is asked for, for type grpc-health; not set means the server.
     */
    public record Probe(
            @Nullable Duration timeout,
            @Nullable String type,
            @Nullable List<String> endpoints,
            @Nullable Require require,
            @Nullable Integer requiredSuccesses,
            @Nullable Duration interval,
            @Nullable Duration requestTimeout,
            @Nullable Duration maxSlotAge,
            @Nullable Integer maxSlotLag,
            @Nullable String method,
            @Nullable Set<Integer> expectedStatus,
            @Nullable Map<String, String> headers,
            @Nullable String token,
            @Nullable String service) {

        static final Probe EMPTY =
                new Probe(null, null, null, null, null, null, null, null, null, null, null, null, null, null);

        /** Shows no secret. */
        @Override
        public String toString() {
            return "Probe[type=" + type + "]";
        }
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
