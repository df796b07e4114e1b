package io.tradingbreaker.spring.probe.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class WireTests {

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void commitment_isWrittenAsProtobufDoes(int level) {
        Descriptor type = Protocols.message("GetSlotRequest");
        var field = type.findFieldByName("commitment");
        assertThat(Wire.messageOf(field.getNumber(), level))
                .isEqualTo(DynamicMessage.newBuilder(type)
                        .setField(field, field.getEnumType().findValueByNumber(level))
                        .build()
                        .toByteArray());
        assertThat(field.getEnumType().findValueByName("PROCESSED").getNumber()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"geyser", "a.Service", "Börse"})
    void service_isWrittenAsProtobufDoes(String service) {
        String longer = service.repeat(50);
        assertThat(Wire.messageOf(HealthCheckRequest.SERVICE_FIELD_NUMBER, service))
                .isEqualTo(HealthCheckRequest.newBuilder()
                        .setService(service)
                        .build()
                        .toByteArray());
        assertThat(Wire.messageOf(HealthCheckRequest.SERVICE_FIELD_NUMBER, longer))
                .isEqualTo(HealthCheckRequest.newBuilder()
                        .setService(longer)
                        .build()
                        .toByteArray());
    }

    @Test
    void noService_isReadAsTheWholeServer() throws InvalidProtocolBufferException {
        assertThat(HealthCheckRequest.parseFrom(Wire.messageOf(1, "")).getService())
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "UNRECOGNIZED")
    void status_isReadAsProtobufDoes(ServingStatus status) {
        byte[] answer =
                HealthCheckResponse.newBuilder().setStatus(status).build().toByteArray();
        assertThat(Wire.number(answer, HealthCheckResponse.STATUS_FIELD_NUMBER)).isEqualTo(status.getNumber());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 127, 128, 250_000_735, Long.MAX_VALUE, -1})
    void slot_isReadAmongFieldsOfEveryKind(long slot) {
        UnknownFieldSet others = UnknownFieldSet.newBuilder()
                .addField(2, UnknownFieldSet.Field.newBuilder().addVarint(7).build())
                .addField(3, UnknownFieldSet.Field.newBuilder().addFixed64(7).build())
                .addField(4, UnknownFieldSet.Field.newBuilder().addFixed32(7).build())
                .addField(
                        536_870_911,
                        UnknownFieldSet.Field.newBuilder()
                                .addLengthDelimited(ByteString.copyFromUtf8("more".repeat(50)))
                                .build())
                .build();
        byte[] before = others.toByteArray();
        byte[] message = Protocols.slot(slot).toByteArray();
        byte[] all = Arrays.copyOf(before, before.length + message.length);
        System.arraycopy(message, 0, all, before.length, message.length);
        assertThat(Wire.number(
                        all,
                        Protocols.message("GetSlotResponse")
                                .findFieldByName("slot")
                                .getNumber()))
                .isEqualTo(slot);
    }

    @Test
    void ofTwoNumbersInOneField_theLastCounts() {
        assertThat(Wire.number(new byte[] {8, 1, 8, 2}, 1)).isEqualTo(2);
    }

    @Test
    void garbage_isRefusedOrReadAsProtobufDoes() {
        Random random = new Random(5);
        int readable = 0;
        for (int i = 0; i < 100_000; i++) {
            byte[] garbage = new byte[1 + random.nextInt(12)];
            random.nextBytes(garbage);
            if (random.nextBoolean()) {
                garbage[0] = 8;
            }
            long slot;
            try {
                slot = Wire.number(garbage, 1);
            } catch (IllegalArgumentException e) {
                continue;
            }
            try {
                DynamicMessage same = DynamicMessage.parseFrom(Protocols.message("GetSlotResponse"), garbage);
                assertThat(slot)
                        .isEqualTo(same.getField(same.getDescriptorForType().findFieldByNumber(1)));
                readable++;
            } catch (InvalidProtocolBufferException e) {
                // Protobuf also refuses the field 0, which nobody reads here.
            }
        }
        assertThat(readable).isGreaterThan(5_000);
    }

    @Test
    void messageThatBreaksOff_isRefused() {
        for (byte[] broken :
                new byte[][] {{8}, {8, (byte) 0x80}, {18, 5, 1}, {9, 1, 2}, {13, 1}, {11}, {18, -1, -1, -1, -1, 15}}) {
            assertThatIllegalArgumentException().isThrownBy(() -> Wire.number(broken, 1));
        }
        byte[] endless = new byte[12];
        Arrays.fill(endless, (byte) 0xFF);
        endless[0] = 8;
        assertThatIllegalArgumentException().isThrownBy(() -> Wire.number(endless, 1));
    }
}
