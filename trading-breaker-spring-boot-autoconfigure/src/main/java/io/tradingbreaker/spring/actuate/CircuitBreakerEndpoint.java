package io.tradingbreaker.spring.actuate;

import io.tradingbreaker.BreakerConflictException;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.InvalidConfigException;
import io.tradingbreaker.KeyedBreakers;
import io.tradingbreaker.StoreStatus;
import io.tradingbreaker.SwitchStoreException;
import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.spring.audit.AuditTrail;
import io.tradingbreaker.spring.desk.HookRun;
import io.tradingbreaker.spring.health.StoreHealth;
import io.tradingbreaker.spring.probe.ProbeSettings;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.lang.Nullable;

/**
 * Shows the breakers and takes operators' actions: {@code /actuator/circuitbreaker}. Thread-safe.
 *
 * <p>What is refused changes nothing, makes no breaker, and is answered with {@code {"error", "allowed"}}: 400 for what
 * is not understood, 404 for an unknown breaker, 409 for what the breaker's state does not allow. The exception is 503 for a
 * store of halts that fails: a halt is in force then, and not stored; a resume or reset is not done.
 */
// Spring's own @Nullable, though deprecated: Boot 3.5 takes a parameter for mandatory that carries JSpecify's.
@SuppressWarnings("deprecation")
@WebEndpoint(id = "circuitbreaker", defaultAccess = Access.READ_ONLY)
public final class CircuitBreakerEndpoint {

    private static final String AUDIT = "audit";
    private static final int MOST_NAMES = 100;

    private final BreakerRegistry registry;
    private final Function<String, @org.jspecify.annotations.Nullable ProbeSettings> probes;
    private final Function<String, List<HookRun>> hooks;
    private final @org.jspecify.annotations.Nullable AuditTrail trail;
    private final @org.jspecify.annotations.Nullable LimitReader limits;

    public CircuitBreakerEndpoint(BreakerRegistry registry) {
        this(registry, name -> null, name -> List.of(), null, null);
    }

    /**
     * Shows what there is besides the breakers.
     *
     * @param probes the settings of a breaker's probe; null if it has none by property
     * @param hooks the latest calls of a breaker's hooks, newest first
     * @param trail takes what operators do; null if nothing does
     * @param limits reads what a retuning is to change; null if none is taken
     */
    public CircuitBreakerEndpoint(
            BreakerRegistry registry,
            Function<String, @org.jspecify.annotations.Nullable ProbeSettings> probes,
            Function<String, List<HookRun>> hooks,
            @org.jspecify.annotations.Nullable AuditTrail trail,
            @org.jspecify.annotations.Nullable LimitReader limits) {
        this.registry = registry;
        this.probes = probes;
        this.hooks = hooks;
        this.trail = trail;
        this.limits = limits;
    }

    @ReadOperation
    public Map<String, Object> breakers() {
        Map<String, Object> views = new LinkedHashMap<>();
        registry.breakers().forEach(breaker -> views.put(breaker.name(), view(breaker)));
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("breakers", views);
        StoreStatus store = registry.storeStatus();
        if (store != null) {
            all.put("store", StoreHealth.details(store));
        }
        return all;
    }

    @ReadOperation
    public WebEndpointResponse<Object> breaker(@Selector String breakerName) {
        return answer(() -> view(find(breakerName)));
    }

    /**
     * A page of the audit trail of one breaker.
     *
     * @param part {@code audit}: there is no other
     * @param before the id that all on the page are below; none: the newest
     * @param limit how many, 1 to 200; none: 50
     */
    @ReadOperation
    public WebEndpointResponse<Object> part(
            @Selector String breakerName, @Selector String part, @Nullable String before, @Nullable String limit) {
        return answer(() -> {
            TradingBreaker breaker = find(breakerName);
            AuditTrail known = trail;
            if (known == null || !part.equals(AUDIT)) {
                throw new RefusedRequestException(
                        404, "a breaker has no such part", known == null ? List.of() : List.of(AUDIT));
            }
            return AuditView.of(known, breaker.name(), before, limit);
        });
    }

    /**
     * Acts on every breaker; a halt also covers those that are made later.
     *
     * @param others all else that was sent, from {@link OtherArguments}: the limits of a retuning by their keys
     */
    @WriteOperation
    public WebEndpointResponse<Object> actOnAll(
            SecurityContext caller,
            @Nullable Object action,
            @Nullable Object reason,
            @Nullable Object actor,
            @Nullable Object name,
            @Nullable Map<String, Object> others) {
        Consumer<@org.jspecify.annotations.Nullable RuntimeException> record =
                error -> record(null, caller, action, reason, actor, error);
        return recorded(record, () -> {
            OperatorOrder order = OperatorOrder.of(caller, action, reason, actor, null, null, requested(others));
            if (name != null) {
                throw new RefusedRequestException(400, "a breaker's name belongs into the path", names());
            }
            order.action().onAll(registry, order);
            return breakers();
        });
    }

    /**
     * Acts on one breaker.
     *
     * @param breakerName the rest of the path, one name: of a rest, unlike of a part, {@link OtherArguments} sees whether a body or
     *     query has overridden it. Then it is empty, and what was sent instead is among the others
     * @param confirm of a drill: the breaker's name once more
     * @param duration of a drill: 1s to 60s; 5s if left out
     * @param others all else that was sent, from {@link OtherArguments}: the limits of a retuning by their keys
     */
    @WriteOperation
    public WebEndpointResponse<Object> actOn(
            SecurityContext caller,
            @Selector(match = Selector.Match.ALL_REMAINING) String[] breakerName,
            @Nullable Object action,
            @Nullable Object reason,
            @Nullable Object actor,
            @Nullable Object name,
            @Nullable Object confirm,
            @Nullable Object duration,
            @Nullable Map<String, Object> others) {
        Consumer<@org.jspecify.annotations.Nullable RuntimeException> record =
                error -> record(String.join("/", breakerName), caller, action, reason, actor, error);
        return recorded(record, () -> {
            if (breakerName.length == 0) {
                throw new RefusedRequestException(400, "a breaker's name belongs into the path", names());
            }
            TradingBreaker breaker = find(String.join("/", breakerName));
            OperatorOrder order = OperatorOrder.of(caller, action, reason, actor, confirm, duration, requested(others));
            if (name != null && !Objects.equals(name, breaker.name())) {
                throw new RefusedRequestException(400, "the name in the body is not the one in the path", names());
            }
            order.action().on(breaker, order);
            return view(breaker);
        });
    }

    private RequestedLimits requested(@Nullable Map<String, Object> others) {
        return new RequestedLimits(limits, others == null ? Map.of() : others);
    }

    private void record(
            @org.jspecify.annotations.Nullable String breaker,
            SecurityContext caller,
            @Nullable Object action,
            @Nullable Object reason,
            @Nullable Object actor,
            @org.jspecify.annotations.Nullable RuntimeException error) {
        // The trail itself is told of what was retuned, by whomever.
        boolean isTold = error == null
                && action instanceof String text
                && OperatorAction.of(text.strip()) == OperatorAction.RETUNE;
        if (trail != null && !isTold) {
            trail.action(breaker, action, reason, OperatorOrder.actor(caller, actor), error);
        }
    }

    /** @param record takes null for what was done, and what was thrown for all else */
    private WebEndpointResponse<Object> recorded(
            Consumer<@org.jspecify.annotations.Nullable RuntimeException> record, Supplier<Object> work) {
        return answer(() -> {
            Object done;
            try {
                done = work.get();
            } catch (RuntimeException e) {
                record.accept(e);
                throw e;
            }
            record.accept(null);
            return done;
        });
    }

    private WebEndpointResponse<Object> answer(Supplier<Object> work) {
        try {
            return new WebEndpointResponse<>(work.get());
        } catch (RefusedRequestException e) {
            return refusal(e.status(), e, e.allowed());
        } catch (InvalidConfigException e) {
            return refusal(400, e, List.of(e.allowed()));
        } catch (BreakerConflictException e) {
            return refusal(409, e, e.allowed());
        } catch (SwitchStoreException e) {
            return refusal(503, e, List.of("halt", "resume", "reset"));
        }
    }

    private static WebEndpointResponse<Object> refusal(int status, RuntimeException cause, List<String> allowed) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("error", String.valueOf(cause.getMessage()));
        body.put("allowed", allowed);
        return new WebEndpointResponse<>(body, status);
    }

    private Map<String, @org.jspecify.annotations.Nullable Object> view(TradingBreaker breaker) {
        return BreakerView.of(
                breaker.snapshot(), probes.apply(breaker.name()), registry.storeStatus(), hooks.apply(breaker.name()));
    }

    private TradingBreaker find(String name) {
        TradingBreaker breaker = registry.find(name);
        if (breaker == null) {
            throw new RefusedRequestException(404, "there is no breaker of that name", names());
        }
        return breaker;
    }

    private List<String> names() {
        return names(registry);
    }

    /** The names of the breakers that there are, of single keys' last and not too many: there may be 10,000. */
    static List<String> names(BreakerRegistry registry) {
        return registry.breakers().stream()
                .map(TradingBreaker::name)
                .sorted(Comparator.comparing(KeyedBreakers::isKeyed))
                .limit(MOST_NAMES)
                .toList();
    }
}
