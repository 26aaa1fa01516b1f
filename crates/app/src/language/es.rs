//! Spanish.

use super::Say;

pub(super) const SAY: Say = Say {
    sign_in_again: "Iniciar sesión de nuevo: {}",
    sync_now: "Sincronizar ahora",
    resume: "Reanudar",
    pause: "Pausar una hora",
    new_reminder: "Nuevo recordatorio…",
    open: "Abrir Belfry",
    quit: "Salir",
    syncing: "Sincronizando…",
    syncing_of: "Sincronizando, {} de {of}",
    paused: "En pausa",
    local: "Solo en este equipo",
    never: "Aún no sincronizado",
    just_now: "Sincronizado ahora mismo",
    minute_ago: "Sincronizado hace un minuto",
    minutes_ago: "Sincronizado hace {} minutos",
    hour_ago: "Sincronizado hace una hora",
    hours_ago: "Sincronizado hace {} horas",
    approved: "Se aprobó el acceso al calendario",
    approved_of: "{} ya puede guardar recordatorios en Outlook.",
    sign_in: "Iniciar sesión",
    allow: "Permitir calendarios",
    try_again: "Intentar de nuevo",
    done: "Hecho",
    snooze: "Posponer 10 min",
    missed: "{} recordatorios vencieron entretanto",
    and_more: "y {} más",
};
