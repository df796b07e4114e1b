package io.tradingbreaker.spring.audit;

import java.util.function.Consumer;
import org.springframework.boot.actuate.audit.AuditEvent;
import org.springframework.boot.actuate.audit.listener.AuditApplicationEvent;
import org.springframework.context.ApplicationEventPublisher;

/** Hands the trail's entries to Spring Boot's auditing. Thread-safe. */
public final class AuditEvents implements Consumer<AuditEntry> {

    private final ApplicationEventPublisher publisher;

    public AuditEvents(ApplicationEventPublisher publisher) {
        this.publisher = publisher;
    }

    @Override
    public void accept(AuditEntry entry) {
        publisher.publishEvent(
                new AuditApplicationEvent(new AuditEvent(entry.at(), entry.principal(), entry.type(), entry.data())));
    }
}
