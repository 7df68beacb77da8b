// Before anything is painted: the theme that was chosen here, where it is not the system's.
document.documentElement.dataset.theme = localStorage.getItem('toygres-theme') ?? 'system'
