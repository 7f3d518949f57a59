{{/* Names and labels. */}}
{{- define "rtpcluster.name" -}}
{{- if contains .Chart.Name .Release.Name }}{{ .Release.Name | trunc 50 | trimSuffix "-" }}{{ else }}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 50 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "rtpcluster.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "rtpcluster.labels" -}}
{{ include "rtpcluster.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "rtpcluster.serviceAccount" -}}
{{- .Values.serviceAccount.name | default (include "rtpcluster.name" .) }}
{{- end }}

{{- define "rtpcluster.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{- define "rtpcluster.keySecret" -}}
{{- .Values.cluster.existingKeySecret | default (printf "%s-key" (include "rtpcluster.name" .)) }}
{{- end }}

{{/* The secret with Redis' password; empty: none. */}}
{{- define "rtpcluster.redisSecret" -}}
{{- if eq .Values.redis.mode "bundled" }}{{ include "rtpcluster.name" . }}-redis{{ else if eq .Values.redis.mode "external" }}{{ .Values.redis.existingSecret }}{{ end }}
{{- end }}

{{/* host:port of each Redis or Sentinel, comma-separated. */}}
{{- define "rtpcluster.redisAddresses" -}}
{{- if eq .Values.redis.mode "bundled" }}
{{- $name := include "rtpcluster.name" . }}
{{- $addresses := list }}
{{- range $i := until 3 }}{{ $addresses = append $addresses (printf "%s-redis-%d.%s-redis:%d" $name $i $name (int $.Values.redis.sentinelPort)) }}{{ end }}
{{- join "," $addresses }}
{{- else }}
{{- join "," .Values.redis.addresses }}
{{- end }}
{{- end }}

{{- define "rtpcluster.sentinelMaster" -}}
{{- if eq .Values.redis.mode "bundled" }}rtpcluster{{ else }}{{ .Values.redis.sentinelMaster }}{{ end }}
{{- end }}

{{/* Values that contradict each other are refused with the remedy. */}}
{{- define "rtpcluster.check" -}}
{{- if and (eq .Values.redis.mode "external") (not .Values.redis.addresses) }}{{ fail "redis.mode is external: redis.addresses must name at least one host:port" }}{{ end }}
{{- if and .Values.https.port (not .Values.https.secret) }}{{ fail "https.port is set: https.secret must name a secret of type kubernetes.io/tls" }}{{ end }}
{{- if and (has .Values.kernelModule.mode (list "build" "kmm")) (not .Values.kernelModule.image) }}{{ fail (printf "kernelModule.mode is %s: kernelModule.image must be set" .Values.kernelModule.mode) }}{{ end }}
{{- if ge (int .Values.media.portMin) (int .Values.media.portMax) }}{{ fail "media.portMin must be below media.portMax" }}{{ end }}
{{- if and (eq .Values.workload.kind "StatefulSet") (gt (int .Values.workload.replicas) 1) (eq .Values.redis.mode "none") }}{{ fail "several nodes without redis do not know each other: set redis.mode, or workload.replicas to 1" }}{{ end }}
{{- end }}
